"""Figures drawn from numbers: a CSV file beside the page becomes an accessible SVG.

A division `::: {.figure kind=KIND src="FILE.csv" claim=ID}` names the drawing and the data; its text is the caption.
The first line of the CSV file names the columns, in any order; columns not listed here are refused, so that a
misspelled one is noticed. Numbers are written with a full stop (`-1.17`), without units or thousands separators.

kind=waffle   one small person per participant
    label     what happened to this group, such as `Responded`
    count     how many, a whole number; the groups add up to everyone (at most 400)
kind=bars     one bar a row, from zero
    label, value
    low, high optional ends of the interval
    n         optional number of participants
kind=forest   estimates with their intervals and a line of no difference
    label, estimate
    low, high ends of the interval; both may be empty in a row that has none
    n         optional number of participants
kind=line     values over time or dose
    x, y      numbers
    low, high optional ends of the interval
    series    optional name of the line that the row belongs to (at most four)

Attributes of the division that any kind but waffle reads: `unit` (such as `%`, set after each value), `measure` (what
the axis counts), `min`, `max` (ends of the axis). `forest` also: `null` (where there is no difference: 0, or 1 on a
log scale), `scale=log`, `left`, `right` (what each side of that line favours), `interval` (`95% CI`, the default).
`line` also: `x-label`.
"""
