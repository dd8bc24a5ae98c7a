"""Pages: what visitors see was published, and all of it."""

from checkout.rules import Rule

RULES = [
    Rule(
        "I9",
        "a page that is live is what was published last",
        """
        SELECT format('page %s: shows %L, published was %L', p.id, p.title,
                      r.content ->> 'title')
        FROM wagtailcore_page p JOIN wagtailcore_revision r ON r.id = p.live_revision_id
        WHERE p.live AND r.content ->> 'title' <> p.title
        """,
    ),
    Rule(
        "I9",
        "a page's address is that of the page above it, and its own slug",
        """
        SELECT format('page %s: at %s, %s above it', p.id, p.url_path, above.url_path)
        FROM wagtailcore_page p
        JOIN wagtailcore_page above ON above.path = left(p.path, length(p.path) - 4)
        WHERE p.url_path <> above.url_path || p.slug || '/'
        """,
    ),
    Rule(
        "I9",
        "a page counts the pages beneath it",
        """
        SELECT format('page %s: counts %s, has %s', p.id, p.numchild, count(below.id))
        FROM wagtailcore_page p LEFT JOIN wagtailcore_page below
          ON left(below.path, length(below.path) - 4) = p.path
        GROUP BY p.id HAVING p.numchild <> count(below.id)
        """,
    ),
    Rule(
        "I9",
        "what is new in a workspace stands on the site only once it is published",
        """
        SELECT format('workspace %s is %s: its new page %s stands on the site',
                      w.id, w.state, e.page_id)
        FROM home_draftworkspace w JOIN home_workspacepage e ON e.workspace_id = w.id
        WHERE e.kind = 'create' AND e.page_id IS NOT NULL
          AND w.state NOT IN ('published', 'rolled_back')
        UNION ALL
        SELECT format('workspace %s is %s: its new block %s stands on the site',
                      w.id, w.state, b.draft_of_id)
        FROM home_draftworkspace w
        JOIN home_layoutblock b ON b.draft_session_key = w.key
        WHERE b.base_digest = '' AND b.draft_of_id IS NOT NULL
          AND w.state NOT IN ('published', 'rolled_back')
        """,
    ),
    Rule(
        "I9",
        "a workspace that was published says when, and no other does",
        """
        SELECT format('workspace %s is %s, published %s', id, state,
                      coalesce(published_at::text, 'never'))
        FROM home_draftworkspace
        WHERE (state IN ('published', 'rolled_back')) <> (published_at IS NOT NULL)
        """,
    ),
    Rule(
        "I9",
        "a working copy of a block is shown to nobody",
        """
        SELECT format('block %s: a working copy, and live', id)
        FROM home_layoutblock WHERE draft_session_key IS NOT NULL AND live
        """,
    ),
]
