"""Maps with planted truth, and pure noise, on which any answer can be scored."""

from sysmap.simulate.maps import Simulation, Truth, noise, planted

__all__ = ["Simulation", "Truth", "noise", "planted"]
