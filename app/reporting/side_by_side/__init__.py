"""The state's view: one table of one quarter, as each area published it, side by side.

Nothing is computed from anything but published cells. A sum over areas is told only where every area that
published the table tells the cell, so it says nothing that its parts do not.
"""
