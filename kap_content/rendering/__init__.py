"""From a checked page to HTML.

`html.render_page` is pure and accepts only what passed the gate; `site.render_site` is the edge that reads the files
a page shows and writes its folder; `bibliography` formats references through CSL; `figures` draws data as SVG.
"""
