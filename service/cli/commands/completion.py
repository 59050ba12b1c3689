"""`aether completion`: what makes a shell complete our commands and options, and what answers it when it asks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# Typer offers these two only through options that guess the shell from the parent process.
from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script

from service.cli.ending import DONE

if TYPE_CHECKING:
    from typer._click import Command

VARIABLE = "_AETHER_COMPLETE"


def is_asked() -> bool:
    """Whether a shell, not a person, is calling."""
    return VARIABLE in os.environ


def complete(command: Command) -> int:
    """Answer the shell; the exit status."""
    completion_init()
    command.main(args=[], prog_name="aether", complete_var=VARIABLE, standalone_mode=False)
    return DONE


def show_script(shell: str) -> int:
    """Print the script for a shell; the exit status."""
    print(get_completion_script(prog_name="aether", complete_var=VARIABLE, shell=shell))
    return DONE
