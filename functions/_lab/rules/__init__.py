"""How a school makes uncertain numbers of readings, and lines of a report of estimates.

A rule acts in two places.  Where a reading becomes an uncertain number, ``factors`` notes how much
of its GUM standard uncertainty goes into the quoted one; where an estimate becomes a line of a
report, ``measurand`` and ``reporting`` take these factors, the digits and the notation.  Estimates,
fits, bands and warnings stay those of the GUM whatever the rule, so that the same readings say the
same under any of them.
"""

from functions._lab.rules.declared import Rules
from functions._lab.rules.force import in_force, using
from functions._lab.rules.profiles import DEFAULT, chosen, profiles

__all__ = ["DEFAULT", "Rules", "chosen", "in_force", "profiles", "using"]
