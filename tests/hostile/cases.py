"""A bad input and what must be said of it."""


class Case:
    """An input file for a command, which must refuse it.

    place is the line and the column that must be named, None where any will
    do, and False where there is none; path is what must follow it.
    """

    def __init__(self, name, data, command="plan", place=None, path="",
                 status=65, file="input"):
        self.name, self.command, self.place = name, command, place
        self.path, self.status, self.file = path, status, file
        self.data = data.encode() if isinstance(data, str) else data


class Stored:
    """A data file with other bytes, which the commands that read it refuse."""

    def __init__(self, name, file, change, place=None, path="", write=True):
        self.name, self.file, self.change = name, file, change
        self.place, self.path, self.write = place, path, write
