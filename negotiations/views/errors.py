"""Pages for what went wrong. None of them asks the database, which may be what is failing."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template import TemplateDoesNotExist, TemplateSyntaxError, loader

# A search for the words of a mistyped address; longer ones are no words.
LONGEST = 80


def not_found(request, exception):
    """A missing page offers to search for the words of its address."""
    last = request.path.rstrip("/").rpartition("/")[2]
    words = "".join(letter if letter.isalnum() else " " for letter in last[:LONGEST])
    return render(request, "404.html", {"words": " ".join(words.split())}, status=404)


def server_error(request):
    """The last resort, drawn without the request; if even that fails, in plain words."""
    try:
        return HttpResponseServerError(loader.get_template("500.html").render())
    except (TemplateDoesNotExist, TemplateSyntaxError, ValueError):
        # ValueError: the list of static files is missing, or does not name the stylesheet.
        return HttpResponseServerError("Something went wrong on our side.", content_type="text/plain")
