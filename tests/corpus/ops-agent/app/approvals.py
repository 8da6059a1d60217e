"""Leave to act, asked of the operator on duty."""


def ask_operator(action: str) -> bool:
    return input(f"allow {action!r}? [y/N] ").strip().lower() == "y"
