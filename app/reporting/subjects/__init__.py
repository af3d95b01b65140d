"""What a release counts beside barriers, one module for each subject.

Each subject is a system of its own: no equation links it with barrier cases, with another subject or with
another quarter, so it is protected, proved and attacked alone.
"""
