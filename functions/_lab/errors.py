"""What can be wrong with readings.

::

    LabError
    ├── ReadingError      the readings cannot be analysed as they are (HTTP 400, exit status 2)
    └── ResultError       an analysis gave a number that is not finite

Each carries data; the Chinese sentence is what the student reads.
"""


class LabError(Exception):
    """Base of all errors of the laboratory core."""


class ReadingError(LabError):
    """A reading, or a group of readings, cannot be used.

    Parameters
    ----------
    message : one short Chinese sentence that gives the reason, without the place.
    field : name of the input field as in the request (dotted where nested, ``groups[1].currents``).
    index : position in that field's array, or None where the whole field is meant.
    """

    def __init__(self, message: str, field: str = "", index: int | None = None) -> None:
        self.message = message
        self.field = field
        self.index = index
        self.words = ""
        """The whole sentence in the words of the form, once it is known (``_lab.wording``)."""
        super().__init__(self.sentence)

    @property
    def place(self) -> str:
        """Field and index as in the request, ``qi[2]``."""
        return self.field if self.index is None else f"{self.field}[{self.index}]"

    @property
    def sentence(self) -> str:
        """The whole sentence for the ``detail`` of an answer."""
        return self.words or self._plain

    @property
    def _plain(self) -> str:
        return f"{self.place}：{self.message}" if self.field else self.message


class ResultError(LabError):
    """An analysis gave NaN or infinity, which must not leave the laboratory."""
