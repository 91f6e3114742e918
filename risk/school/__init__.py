"""A simulated school whose truth is known: ``simulate`` is the whole, ``year`` one grade's year."""

from risk.school.learning import FINAL_CUT
from risk.school.recording import Biases
from risk.school.simulate import school_pieces, simulate_school
from risk.school.tables import School, as_of
from risk.school.tutoring import Tutoring

__all__ = [
    "FINAL_CUT",
    "Biases",
    "School",
    "Tutoring",
    "as_of",
    "school_pieces",
    "simulate_school",
]
