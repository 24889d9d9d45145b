"""The reviewer's desk: `kap review`, a local web application over `kap_content.review`."""
