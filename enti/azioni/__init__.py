"""I gesti che cambiano chi può agire: inviti, appartenenze, account, permessi in più."""
