"""What the running application says about itself: the interactive contract and the page of problems.

`pages` serves, `problem_codes` knows what each code of a refusal means, `problem_page` renders it. No tables.
"""
