"""What there is to eat: products, where they come from, what their producer asks for them.

product     a reference ("référence produit") that one structure buys from one producer
unit        grams, millilitres or pieces; every quantity of the product is a whole number of it
step        by how much one orders: 500 g, 1 piece
packaging   how the producer delivers it: the sack of 25 kg, the case of 12
price       what the producer asks for `priced_quantity` units; she sets it, nobody negotiates it
import      a spreadsheet read, shown line by line, applied once
"""
