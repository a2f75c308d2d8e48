"""What the runner cannot do, said in one sentence to the person who asked."""


class Refused(Exception):
    """The command line, a setting or the machine does not allow it; nothing was left running."""
