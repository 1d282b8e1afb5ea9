//! What members of a relay get.
