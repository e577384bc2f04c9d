"""The drawings of static/ui/sprite.svg: one line weight, one accent each. A closed list."""

# What is drawn -> the accent laid under its line, by the name that site.css knows.
DRAWINGS = {
    # the catalogue's families
    "cereals": "saffron",
    "pasta": "saffron",
    "pulses": "leaf",
    "fruit": "tomato",
    "vegetables": "tomato",
    "dried": "saffron",
    "oil": "saffron",
    "sweet": "saffron",
    "dairy": "saffron",
    "drinks": "tomato",
    "grocery": "sea",
    "hygiene": "sea",
    # places, people and empty states
    "basket": "leaf",
    "till": "aubergine",
    "truck": "leaf",
    "warehouse": "saffron",
    "people": "aubergine",
    "letter": "sea",
    "envelope": "leaf",
    "calendar": "tomato",
    "search": "sea",
}

# The network's nine categories: a shape, a colour of the same name, and always the word beside.
CATEGORIES = (
    "department",
    "funder",
    "education",
    "people",
    "production",
    "access",
    "pat",
    "engineering",
    "supply",
)
