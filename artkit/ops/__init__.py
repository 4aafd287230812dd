"""Operations: what a step of a recipe can be, one file per family."""
