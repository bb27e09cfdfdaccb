"""I gesti sulle prestazioni: atomici, con `da=` chi li compie."""
