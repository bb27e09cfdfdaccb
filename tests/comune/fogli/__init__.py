"""La lettura dei fogli degli enti."""
