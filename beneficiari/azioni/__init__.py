"""I gesti che significano qualcosa: atomici, con `da=` chi li compie."""
