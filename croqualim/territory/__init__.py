"""Where: communes, the intercommunal bodies (EPCI) and départements they belong to.

commune      the smallest territory, known by its INSEE code
EPCI         établissement public de coopération intercommunale, known by its SIREN
département  two or three characters: '13', '2A', '971'
"""
