"""The paper of an obstacle: all that is said of it, with published figures, to be handed on as one document.

For the steering group, and for the state when it is escalated. It names no author of an observation and no
case, and of figures it has what releases of the area published about its types and institutions.
"""
