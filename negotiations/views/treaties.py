"""Treaties and other agreed texts: what each limits, and what became of it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from negotiations.asked import read_day
from negotiations.models import Treaty
from negotiations.queries.treaties import dossier, lives

from .lookup import page_of


@require_safe
def treaties(request):
    asked = read_day(request.GET)
    found = [(life, life.on(asked.day)) for life in lives().values()]
    context = {
        "asked": asked,
        "problems": asked.problems,
        "groups": [
            ("binding", [pair for pair in found if pair[0].treaty.legally_binding]),
            ("political", [pair for pair in found if not pair[0].treaty.legally_binding]),
        ],
        "count": len(found),
        "ruler_from": asked.day,
    }
    return render(request, "negotiations/treaties.html", context)


@page_of(Treaty.objects.all())
def treaty(request, treaty):
    asked = read_day(request.GET)
    found = dossier(treaty)
    life = found.life
    first = life.agreed
    context = {
        "asked": asked,
        "problems": asked.problems,
        "dossier": found,
        "life": life,
        "treaty": life.treaty,
        "standing": life.on(asked.day),
        "period": life.period_on(asked.day),
        "steps": [
            (number, milestone, found.citations.get(milestone.pk, []))
            for number, milestone in enumerate(life.milestones, 1)
        ],
        "forebears": [(other, other.on(asked.day)) for other in found.forebears],
        "heirs": [(other, other.on(asked.day)) for other in found.heirs],
        "ruler_from": first.earliest if first else None,
        "ruler_to": (life.ended.start if life.ended else asked.today) if first else None,
    }
    return render(request, "negotiations/treaty.html", context)
