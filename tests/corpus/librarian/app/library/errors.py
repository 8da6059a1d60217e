def reader_error(error):
    """What a reader sees in the place of an answer."""
    if "quota" in str(error):
        return "The librarian is busy with other readers at the moment. Please try again in a minute."
    return "The librarian could not find an answer to that. Please ask at the desk on the ground floor."
