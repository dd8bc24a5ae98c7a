"""What the demo's pages say."""

from typing import Any

WHO = (
    "Two dozen small workshops, a kiln shed in Lisbon that we can walk to, and one"
    " rule: if it cannot be repaired, we do not sell it."
)
FOUR = "Four workshops on one table: Lisbon, Alcobaça, Mashiko and Braga."
SLOWLY: dict[str, Any] = {
    "title": "Made slowly. Used daily.",
    "text": (
        "Two dozen small workshops, and one rule: if it cannot be repaired, we do not"
        " sell it."
    ),
    "links": [],
    "glaze": "cobalt",
}
VIDEO: dict[str, Any] = {
    "address": "https://vimeo.com/76979871",
    "title": "Play the film",
    "caption": "In place of ours, a sample of Vimeo’s own.",
}
MAKING = """
<h2>How a firing comes about</h2>
<p>Twice a year we drive to the workshops with an empty van. We bring back what they
are curious about rather than what we ordered, and put it on our own tables for a month.
What is still in use at the end of it is what we ask for.</p>
<p>A run is two hundred pieces, seldom more. That is one person's month at the wheel, or
one loom's. When a run is gone, the next follows in a season or so, and the glaze will
have moved a little. No two agree, so nothing here is called identical.</p>
<h2>What we pay attention to</h2>
<ul>
<li><b>The maker is named.</b> Every piece says who made it and in which town.</li>
<li><b>It can be mended.</b> Lamps come apart with one screwdriver, cushions have zips,
and we keep spare lids, shades and cords for ten years.</li>
<li><b>The price holds still.</b> A struck price is the lowest of the thirty days before
the cut, never a figure from long ago.</li>
<li><b>It travels in paper and straw.</b> If it arrives broken we send another and you
keep the pieces.</li>
</ul>
<h2>Come and see</h2>
<p>The workshop shop is at Rua do Forno 12 in Lisbon, open from Tuesday to Saturday, ten
to six. You can collect an order there on the same day, and bring back what did not
fit.</p>
"""

FIRING: dict[str, Any] = {
    "intro": "Forty new shapes in moss, oat and ink, thrown in runs of two hundred.",
    "trio": {
        "title": "The autumn firing",
        "text": "The vase, the bowl and the cup that we would pack first.",
    },
    "text": """
<h2>Six days with the door shut</h2>
<p>The kiln is packed on a Monday and opened on the Saturday. In between it takes two
tonnes of pine, three people who sleep in turns, and a little luck with the wind.</p>
<p>What stands at the front sees the flame and comes out rust and honey. What stands at
the back stays grey and quiet. Both are right, and neither can be ordered.</p>
""",
    "code": {
        "code": "GLAZE10",
        "title": "Ten per cent off everything glazed",
        "terms": "While the autumn firing lasts, one use per person.",
    },
}

DELIVERY: dict[str, Any] = {
    "intro": (
        "What it costs, how long it takes, and how to send something back. Without"
        " small print."
    ),
    "text": """
<h2>Delivery</h2>
<p>We send within Portugal and to most countries of the European Union. The basket shows
the cost before you give us any address.</p>
<ul>
<li><b>Post</b>: €4.90, free from €80. Two to four working days.</li>
<li><b>Express</b>: €9.90. The next working day in Portugal, two days elsewhere.</li>
<li><b>Collect in Lisbon</b>: free. Ready within two hours while the shop is open.</li>
</ul>
<p>Orders placed before two in the afternoon leave on the same working day. Pieces from
the Porto store may come in a parcel of their own; you pay for one delivery only.</p>
<h2>Returns</h2>
<p>You have thirty days from the day it arrives to change your mind, for any reason.
Write to us with the number of the order, and we send you a label. We pay the way back
within Portugal, and everywhere when the piece was broken or not what we described.</p>
<p>The money goes back the way it came, within five working days after the parcel has
arrived here. Pieces must be unused, apart from having been looked at properly.</p>
<h2>Broken on the way</h2>
<p>It happens to about three parcels in a thousand. Send a picture, keep the pieces, and
we send another the same day.</p>
""",
    "table": (
        "Ways of delivery",
        ["Way", "Costs", "Takes"],
        ["Post", "€4.90, free from €80", "Two to four working days"],
        ["Express", "€9.90", "The next working day in Portugal"],
        ["Collect in Lisbon", "Nothing", "Two hours"],
    ),
    "questions": [
        (
            "Can I change an order after I have placed it?",
            "<p>Yes, until it is packed, which is usually the same afternoon. Write or"
            " call with the number of the order.</p>",
        ),
        (
            "Do you deliver outside the European Union?",
            "<p>Not yet. Duties would be a surprise, and we do not sell surprises.</p>",
        ),
        (
            "How does paying on invoice work?",
            "<p>The invoice travels with the parcel and comes by e-mail too. You have"
            " fourteen days from delivery.</p>",
        ),
        (
            "Can it be wrapped as a present?",
            "<p>Everything leaves in plain paper with a linen ribbon. Write to us after"
            " ordering with what the card should say; the parcel itself never shows a"
            " price.</p>",
        ),
    ],
}

CARE: dict[str, Any] = {
    "intro": "How to keep clay, wood, wool and brass for a very long time.",
    "text": """
<h2>Stoneware and porcelain</h2>
<p>Glazed pieces go into the dishwasher at up to 50&nbsp;°C, and stoneware into the oven
at up to 220&nbsp;°C. Let it warm with the oven, and stand it on wood or cloth when it
comes out. Grey lines from knives come off with a paste of baking soda.</p>
<h2>Living with unglazed clay</h2>
<p>Bare stoneware and terracotta take a little colour from the table they live on. That
is not dirt; it is the start of a patina. Wash by hand for the first month.</p>
<ol>
<li>Soak the piece for an hour in clean water before first use.</li>
<li>Let it dry upside down, overnight.</li>
<li>Rub the foot ring with a wet stone if your table is of soft wood.</li>
</ol>
<blockquote>A pot is finished in the kitchen, not in the kiln.</blockquote>
<h2>Linen, wool and cotton</h2>
<p>Wash linen and cotton at thirty degrees and hang it damp. Wool wants air more than
water: an hour outside after rain does most of it. Moths dislike cedar and daylight.</p>
<h2>Oak, ash, willow and rattan</h2>
<p>Wipe with a damp cloth, dry at once, and oil wood once a year with linseed oil.
Baskets like a spray of water twice a year and never a radiator.</p>
<h2>Brass</h2>
<p>It darkens where hands touch it. Leave it, or rub it with half a lemon and salt,
rinse and dry. Both are right.</p>
""",
    "table": (
        "What each material stands",
        ["Material", "Dishwasher", "Oven", "Sun"],
        ["Stoneware, glazed", "Yes, 50 °C", "To 220 °C", "Yes"],
        ["Stoneware, bare", "By hand", "To 180 °C", "Yes"],
        ["Porcelain", "Yes, 60 °C", "To 150 °C", "Yes"],
        ["Oak and ash", "Never", "Never", "Darkens"],
        ["Linen and wool", "Never", "Never", "Fades"],
    ),
    "questions": [
        (
            "Can I put stoneware in the oven?",
            "<p>Yes, up to 220&nbsp;°C. Let it warm with the oven, and stand it on"
            " wood or cloth when it comes out.</p>",
        ),
        (
            "What is a kiln second?",
            "<p>A piece with a mark we can see and you may not: a pinhole, a drip, a"
            " lean. It works like any other and costs a third less.</p>",
        ),
        (
            "Do you repair?",
            "<p>Lamps always, and most chips. Send a picture; we answer within two days"
            " with a price or a free fix.</p>",
        ),
    ],
}

STORY: dict[str, Any] = {
    "description": (
        "Ceramics, lamps, textiles and baskets from small workshops, fired and woven in"
        " short runs. Free delivery from €80, thirty days to return."
    ),
    "hero": {
        "kicker": "The autumn firing",
        "title": "Too good to put away",
        "text": (
            "Forty new shapes in moss, oat and ink, thrown in runs of two hundred and"
            " glazed by hand."
        ),
    },
    "lamps": {
        "title": "Light for short days",
        "text": (
            "Linen shades on stoneware feet. Dimmable, repairable, and wired two"
            " streets from the kiln."
        ),
        "glaze": "celadon",
        "side": "start",
    },
    "glaze": {
        "caption": (
            "Seven in the morning: ring vase, amphora and moon vase, straight from the"
            " kiln."
        ),
        "kicker": "From the workshop",
        "title": "The glaze remembers the fire",
        "text": (
            "Iron, ash and patience. Where the pot faced the flame the glaze breaks to"
            " rust; in the shade it stays nearly black. No two agree, so we show each"
            " one and you choose the one you get."
        ),
        "side": "start",
    },
    "quotes": [
        (
            "vid-serving-bowl",
            "The bowl came with a thumbprint in the glaze. I eat from it every morning"
            " and I know whose thumb it is.",
            "Marta K.",
        ),
        (
            "norr-mug",
            "One cup chipped in the post. They sent the maker’s apology and a new cup"
            " in the same box.",
            "Jonas W.",
        ),
        (
            "vesper-table-lamp",
            "It is the first lamp I have owned that can be opened with a normal"
            " screwdriver.",
            "Aiko T.",
        ),
    ],
    "flash": {
        "kicker": "One kiln, one firing",
        "text": (
            "The last of the spring firing. When these are gone the mould is retired."
        ),
        "glaze": "cobalt",
    },
    "newsletter": {
        "title": "A letter when the kiln opens",
        "text": "About ten a year. New firings a day early, and one long story.",
        "consent": (
            "We keep your address for the letter only. One click in each ends it."
        ),
        "audience": "letter",
        "glaze": "celadon",
    },
    "seconds": {
        "title": "Kiln seconds",
        "line": "Small marks, honest prices. Nothing that leaks.",
        "glaze": "madder",
    },
}
