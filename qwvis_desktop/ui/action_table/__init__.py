"""The table of all actions of the window, and their words: menus, tool bar and shortcuts are made from it."""
