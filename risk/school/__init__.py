"""A simulated school whose truth is known: see simulate.py, which reads like the year itself."""

from risk.school.learning import FINAL_CUT
from risk.school.recording import Biases
from risk.school.simulate import School, as_of, school_pieces, simulate_school
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
