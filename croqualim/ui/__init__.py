"""The look: page frame, components, form fields, drawings, design tokens. Knows no domain."""
