"""A page as it is read: what its blocks hold, as headings, lists, tables, formulas and figures."""
