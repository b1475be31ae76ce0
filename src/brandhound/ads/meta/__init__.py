"""How Meta is spoken to: one call with its proof, its errors, its words. Knows no tables."""
