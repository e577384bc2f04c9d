"""The demonstration region: invented people in real places, made by running the real actions.

people    names, and the structures that the network's first report names
region    what there is before the first month: structures, roles, products, groups
months    twelve months lived, one whose shops are tonight, one whose orders are open
"""
