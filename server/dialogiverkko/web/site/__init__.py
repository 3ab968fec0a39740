"""Pages for people in Finnish, Swedish and English, each fact beside its evidence."""
