"""Components. Each is a function: its parameters are all that a template may pass."""

from django import template

from croqualim.kernel.money import in_euros

register = template.Library()
register.filter("euros", in_euros)
