"""One camp as a FHIR R4 bundle for the health authority; only elements that R4 and R4B share. Pure."""
