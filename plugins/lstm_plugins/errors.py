"""Errors of forecasters and of user input, whose text is one sentence for users."""


class ForecasterError(Exception):
    """Base of all errors of a forecaster; its text is one sentence for users."""


class SeriesError(ForecasterError):
    """The series does not fit the config or the weights: too short, wrong columns, wrong shapes."""


class UnsupportedError(ForecasterError):
    """The backend cannot do this on this machine, for example because a device is missing."""


class NotFiniteError(ForecasterError):
    """A number of the training is infinite or not a number; the last good weights are kept.

    Attributes:
        epoch: epoch in which it happened, from 0.
        step: step of that epoch, from 0; None for the validation loss.
    """

    def __init__(self, quantity: str, epoch: int, step: int | None) -> None:
        place = f"epoch {epoch + 1}" + (", validation" if step is None else f", step {step + 1}")
        super().__init__(
            f"the {quantity} is not finite at {place}; lower learning_rate or set clip_norm, "
            "and look for extreme values in the series"
        )
        self.quantity = quantity
        self.epoch = epoch
        self.step = step

    def __reduce__(self) -> tuple[type["NotFiniteError"], tuple[str, int, int | None]]:
        return type(self), (self.quantity, self.epoch, self.step)


class OutOfMemoryError(ForecasterError):
    """The device has too little memory for the batch; a smaller batch_size or hidden_units helps."""


class InputError(Exception):
    """Invalid user input, such as a file, a column or a setting.

    The text is one sentence without a line break that names the file, line, column or setting and the remedy.
    Front ends print it unchanged and exit with code 2.
    """


class OptionError(ForecasterError, InputError):
    """An option has a value that is not allowed, or that conflicts with another option.

    Attributes:
        option: name of the option that has to change.
        message: the problem, without the option's name.
    """

    def __init__(self, option: str, message: str) -> None:
        super().__init__(f"{option}: {message}" + ("" if message.endswith("?") else "."))
        self.option = option
        self.message = message

    def __reduce__(self) -> tuple[type["OptionError"], tuple[str, str]]:
        return type(self), (self.option, self.message)
