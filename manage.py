#!/usr/bin/env python
"""Comandi del Registro. Senza DATABASE_URL usa i servizi incorporati, avviandoli se sono spenti."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registro.settings")
    from registro.servizi.ambiente import servizi_pronti

    with servizi_pronti():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
