"""The page's few own style rules: constant text, nothing of a file or a user."""

from __future__ import annotations

import streamlit as st

# Less empty space above; no English hint ("Press Enter to …") over what a person types.
RULES = """
<style>
.stMainBlockContainer { padding-top: 3.5rem; }
[data-testid="InputInstructions"] { display: none; }
</style>
"""


def apply() -> None:
    """Gives the page its rules; takes no room on it."""
    st.html(RULES)
