import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0007_newsletter_subscriber"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dynamicpage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("unreadable", 0),
                    ("product_shelf", 16),
                    ("category_tiles", 21),
                    ("editorial", 28),
                    ("banner", 31),
                    ("text", 33),
                    ("table", 37),
                    ("image", 38),
                    ("hotspots", 45),
                    ("video", 49),
                    ("quotes", 55),
                    ("faq", 61),
                    ("flash_sale", 65),
                    ("promo_code", 69),
                    ("newsletter", 72),
                    ("hero_case", 75),
                    ("hero_split", 76),
                    ("hero_words", 78),
                    ("hero_trio", 80),
                    ("shared", 82),
                ],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.TextBlock", (), {}),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Heading", "max_length": 60},
                    ),
                    2: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 40},
                    ),
                    3: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {"label": "Page", "required": False},
                    ),
                    4: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Category",),
                        {"label": "Category", "required": False},
                    ),
                    5: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Only when it is neither a page nor a category, such as /shop/.",
                            "label": "Address",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [[("label", 2), ("page", 3), ("category", 4), ("address", 5)]],
                        {},
                    ),
                    7: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {"default": [], "label": "Link", "max_num": 1},
                    ),
                    8: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("picked", "The ones picked below"),
                                ("newest", "The newest"),
                                ("on_sale", "Reduced ones"),
                                ("category", "Of a category"),
                            ],
                            "label": "Which products",
                        },
                    ),
                    9: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {},
                    ),
                    10: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {"default": [], "label": "Products", "max_num": 12},
                    ),
                    11: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "default": 4,
                            "help_text": "Of those found by a rule; picked ones are all shown.",
                            "label": "How many",
                            "max_value": 12,
                            "min_value": 2,
                        },
                    ),
                    12: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "Leave out what is sold out",
                            "required": False,
                        },
                    ),
                    13: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {"label": "Show from", "required": False},
                    ),
                    14: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {"label": "Show until", "required": False},
                    ),
                    15: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "So that links can lead here, as in #care.",
                            "label": "Anchor",
                            "max_length": 40,
                            "required": False,
                        },
                    ),
                    16: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("links", 7),
                                ("rule", 8),
                                ("category", 4),
                                ("products", 10),
                                ("count", 11),
                                ("skip_sold_out", 12),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    17: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Category",),
                        {"label": "Category"},
                    ),
                    18: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Empty: the category's own.",
                            "label": "Picture",
                            "required": False,
                        },
                    ),
                    19: (
                        "wagtail.blocks.StructBlock",
                        [[("category", 17), ("picture", 18)]],
                        {},
                    ),
                    20: (
                        "wagtail.blocks.ListBlock",
                        (19,),
                        {"label": "Categories", "max_num": 6, "min_num": 2},
                    ),
                    21: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("categories", 20),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    22: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {"label": "Picture"},
                    ),
                    23: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Caption", "max_length": 140, "required": False},
                    ),
                    24: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Kicker", "max_length": 30, "required": False},
                    ),
                    25: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 60},
                    ),
                    26: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "Text", "max_length": 600},
                    ),
                    27: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("start", "Picture first"),
                                ("end", "Picture last"),
                            ],
                            "label": "Side",
                        },
                    ),
                    28: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("caption", 23),
                                ("kicker", 24),
                                ("title", 25),
                                ("text", 26),
                                ("links", 7),
                                ("side", 27),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    29: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Line", "max_length": 140, "required": False},
                    ),
                    30: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("celadon", "Celadon, pale green"),
                                ("ochre", "Ochre, warm yellow"),
                                ("madder", "Madder, pale rose"),
                                ("cobalt", "Cobalt, deep blue"),
                                ("kiln", "Kiln, near black"),
                            ],
                            "label": "Glaze",
                            "required": False,
                        },
                    ),
                    31: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 25),
                                ("line", 29),
                                ("links", 7),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    32: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "h2",
                                "h3",
                                "bold",
                                "italic",
                                "ol",
                                "ul",
                                "link",
                                "blockquote",
                                "image",
                                "hr",
                            ],
                            "label": "Text",
                        },
                    ),
                    33: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("text", 32),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    34: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 200, "required": False},
                    ),
                    35: (
                        "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
                        [[("words", 34)]],
                        {"label": "Table"},
                    ),
                    36: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "The first column names the rows",
                            "required": False,
                        },
                    ),
                    37: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("table", 35),
                                ("has_row_headings", 36),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    38: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("caption", 23),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    39: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Press on the picture to place the next point, or type it in.",
                            "label": "Picture",
                        },
                    ),
                    40: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {"label": "Product"},
                    ),
                    41: (
                        "wagtail.blocks.FloatBlock",
                        (),
                        {
                            "label": "From the left, in per cent",
                            "max_value": 100,
                            "min_value": 0,
                        },
                    ),
                    42: (
                        "wagtail.blocks.FloatBlock",
                        (),
                        {
                            "label": "From the top, in per cent",
                            "max_value": 100,
                            "min_value": 0,
                        },
                    ),
                    43: (
                        "wagtail.blocks.StructBlock",
                        [[("product", 40), ("x", 41), ("y", 42)]],
                        {},
                    ),
                    44: (
                        "wagtail.blocks.ListBlock",
                        (43,),
                        {"label": "Points", "max_num": 6, "min_num": 2},
                    ),
                    45: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("links", 7),
                                ("picture", 39),
                                ("points", 44),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    46: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Of a video at YouTube or Vimeo, as your browser shows it.",
                            "label": "Address",
                            "max_length": 300,
                        },
                    ),
                    47: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 80},
                    ),
                    48: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Stands there until somebody presses to play.",
                            "label": "Still picture",
                        },
                    ),
                    49: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("address", 46),
                                ("title", 47),
                                ("picture", 48),
                                ("caption", 23),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    50: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "Quote", "max_length": 160},
                    ),
                    51: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Who said it", "max_length": 40},
                    ),
                    52: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {"label": "About", "required": False},
                    ),
                    53: (
                        "wagtail.blocks.StructBlock",
                        [[("quote", 50), ("name", 51), ("product", 52)]],
                        {},
                    ),
                    54: (
                        "wagtail.blocks.ListBlock",
                        (53,),
                        {"label": "Quotes", "max_num": 3, "min_num": 2},
                    ),
                    55: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("quotes", 54),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    56: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Question", "max_length": 120},
                    ),
                    57: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "italic", "link", "ul", "ol"],
                            "label": "Answer",
                        },
                    ),
                    58: (
                        "wagtail.blocks.StructBlock",
                        [[("question", 56), ("answer", 57)]],
                        {},
                    ),
                    59: (
                        "wagtail.blocks.ListBlock",
                        (58,),
                        {"label": "Questions", "max_num": 10, "min_num": 2},
                    ),
                    60: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "default": 1,
                            "help_text": "1 is the first; 0 keeps all of them closed.",
                            "label": "Which one is open",
                            "max_value": 10,
                            "min_value": 0,
                        },
                    ),
                    61: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("questions", 59),
                                ("opened", 60),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    62: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Empty: the name of the product.",
                            "label": "Title",
                            "max_length": 45,
                            "required": False,
                        },
                    ),
                    63: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Text", "max_length": 160, "required": False},
                    ),
                    64: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {
                            "help_text": "The block is gone from then on. It changes no price.",
                            "label": "End",
                        },
                    ),
                    65: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("product", 40),
                                ("kicker", 24),
                                ("title", 62),
                                ("text", 63),
                                ("ends_at", 64),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    66: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "As shoppers type it. Set up what it does in the promotions.",
                            "label": "Code",
                            "max_length": 20,
                        },
                    ),
                    67: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 80},
                    ),
                    68: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "label": "Dates and limits",
                            "max_length": 160,
                            "required": False,
                        },
                    ),
                    69: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("code", 66),
                                ("title", 67),
                                ("terms", 68),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    70: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Kept, word for word, with every address and the time.",
                            "label": "What they agree to",
                            "max_length": 240,
                        },
                    ),
                    71: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "default": "letter",
                            "help_text": "Addresses of one list can be told from those of another.",
                            "label": "List",
                            "max_length": 40,
                        },
                    ),
                    72: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 25),
                                ("text", 63),
                                ("consent", 70),
                                ("audience", 71),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    73: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 45},
                    ),
                    74: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {"default": [], "label": "Links", "max_num": 2},
                    ),
                    75: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("kicker", 24),
                                ("title", 73),
                                ("text", 63),
                                ("links", 74),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    76: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("title", 73),
                                ("text", 63),
                                ("links", 7),
                                ("glaze", 30),
                                ("side", 27),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    77: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 40},
                    ),
                    78: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 77),
                                ("text", 63),
                                ("links", 74),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    79: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {
                            "default": [None, None, None],
                            "help_text": "Three, in the order in which they stand.",
                            "label": "Products",
                            "max_num": 3,
                            "min_num": 3,
                        },
                    ),
                    80: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 73),
                                ("text", 63),
                                ("products", 79),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    81: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("home.LayoutBlock",),
                        {"label": "Layout block"},
                    ),
                    82: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("block", 81),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                },
                verbose_name="blocks",
            ),
        ),
        migrations.AlterField(
            model_name="homepage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("unreadable", 0),
                    ("product_shelf", 16),
                    ("category_tiles", 21),
                    ("editorial", 28),
                    ("banner", 31),
                    ("text", 33),
                    ("table", 37),
                    ("image", 38),
                    ("hotspots", 45),
                    ("video", 49),
                    ("quotes", 55),
                    ("faq", 61),
                    ("flash_sale", 65),
                    ("promo_code", 69),
                    ("newsletter", 72),
                    ("hero_case", 75),
                    ("hero_split", 76),
                    ("hero_words", 78),
                    ("hero_trio", 80),
                    ("shared", 82),
                ],
                blank=True,
                block_lookup={
                    0: ("wagtail.blocks.TextBlock", (), {}),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Heading", "max_length": 60},
                    ),
                    2: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 40},
                    ),
                    3: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {"label": "Page", "required": False},
                    ),
                    4: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Category",),
                        {"label": "Category", "required": False},
                    ),
                    5: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Only when it is neither a page nor a category, such as /shop/.",
                            "label": "Address",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [[("label", 2), ("page", 3), ("category", 4), ("address", 5)]],
                        {},
                    ),
                    7: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {"default": [], "label": "Link", "max_num": 1},
                    ),
                    8: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("picked", "The ones picked below"),
                                ("newest", "The newest"),
                                ("on_sale", "Reduced ones"),
                                ("category", "Of a category"),
                            ],
                            "label": "Which products",
                        },
                    ),
                    9: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {},
                    ),
                    10: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {"default": [], "label": "Products", "max_num": 12},
                    ),
                    11: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "default": 4,
                            "help_text": "Of those found by a rule; picked ones are all shown.",
                            "label": "How many",
                            "max_value": 12,
                            "min_value": 2,
                        },
                    ),
                    12: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "Leave out what is sold out",
                            "required": False,
                        },
                    ),
                    13: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {"label": "Show from", "required": False},
                    ),
                    14: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {"label": "Show until", "required": False},
                    ),
                    15: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "So that links can lead here, as in #care.",
                            "label": "Anchor",
                            "max_length": 40,
                            "required": False,
                        },
                    ),
                    16: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("links", 7),
                                ("rule", 8),
                                ("category", 4),
                                ("products", 10),
                                ("count", 11),
                                ("skip_sold_out", 12),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    17: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Category",),
                        {"label": "Category"},
                    ),
                    18: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Empty: the category's own.",
                            "label": "Picture",
                            "required": False,
                        },
                    ),
                    19: (
                        "wagtail.blocks.StructBlock",
                        [[("category", 17), ("picture", 18)]],
                        {},
                    ),
                    20: (
                        "wagtail.blocks.ListBlock",
                        (19,),
                        {"label": "Categories", "max_num": 6, "min_num": 2},
                    ),
                    21: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("categories", 20),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    22: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {"label": "Picture"},
                    ),
                    23: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Caption", "max_length": 140, "required": False},
                    ),
                    24: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Kicker", "max_length": 30, "required": False},
                    ),
                    25: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 60},
                    ),
                    26: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "Text", "max_length": 600},
                    ),
                    27: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("start", "Picture first"),
                                ("end", "Picture last"),
                            ],
                            "label": "Side",
                        },
                    ),
                    28: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("caption", 23),
                                ("kicker", 24),
                                ("title", 25),
                                ("text", 26),
                                ("links", 7),
                                ("side", 27),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    29: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Line", "max_length": 140, "required": False},
                    ),
                    30: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("celadon", "Celadon, pale green"),
                                ("ochre", "Ochre, warm yellow"),
                                ("madder", "Madder, pale rose"),
                                ("cobalt", "Cobalt, deep blue"),
                                ("kiln", "Kiln, near black"),
                            ],
                            "label": "Glaze",
                            "required": False,
                        },
                    ),
                    31: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 25),
                                ("line", 29),
                                ("links", 7),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    32: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "h2",
                                "h3",
                                "bold",
                                "italic",
                                "ol",
                                "ul",
                                "link",
                                "blockquote",
                                "image",
                                "hr",
                            ],
                            "label": "Text",
                        },
                    ),
                    33: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("text", 32),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    34: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 200, "required": False},
                    ),
                    35: (
                        "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
                        [[("words", 34)]],
                        {"label": "Table"},
                    ),
                    36: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "The first column names the rows",
                            "required": False,
                        },
                    ),
                    37: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("table", 35),
                                ("has_row_headings", 36),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    38: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("caption", 23),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    39: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Press on the picture to place the next point, or type it in.",
                            "label": "Picture",
                        },
                    ),
                    40: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {"label": "Product"},
                    ),
                    41: (
                        "wagtail.blocks.FloatBlock",
                        (),
                        {
                            "label": "From the left, in per cent",
                            "max_value": 100,
                            "min_value": 0,
                        },
                    ),
                    42: (
                        "wagtail.blocks.FloatBlock",
                        (),
                        {
                            "label": "From the top, in per cent",
                            "max_value": 100,
                            "min_value": 0,
                        },
                    ),
                    43: (
                        "wagtail.blocks.StructBlock",
                        [[("product", 40), ("x", 41), ("y", 42)]],
                        {},
                    ),
                    44: (
                        "wagtail.blocks.ListBlock",
                        (43,),
                        {"label": "Points", "max_num": 6, "min_num": 2},
                    ),
                    45: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("links", 7),
                                ("picture", 39),
                                ("points", 44),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    46: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Of a video at YouTube or Vimeo, as your browser shows it.",
                            "label": "Address",
                            "max_length": 300,
                        },
                    ),
                    47: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 80},
                    ),
                    48: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Stands there until somebody presses to play.",
                            "label": "Still picture",
                        },
                    ),
                    49: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("address", 46),
                                ("title", 47),
                                ("picture", 48),
                                ("caption", 23),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    50: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "Quote", "max_length": 160},
                    ),
                    51: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Who said it", "max_length": 40},
                    ),
                    52: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {"label": "About", "required": False},
                    ),
                    53: (
                        "wagtail.blocks.StructBlock",
                        [[("quote", 50), ("name", 51), ("product", 52)]],
                        {},
                    ),
                    54: (
                        "wagtail.blocks.ListBlock",
                        (53,),
                        {"label": "Quotes", "max_num": 3, "min_num": 2},
                    ),
                    55: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("quotes", 54),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    56: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Question", "max_length": 120},
                    ),
                    57: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "italic", "link", "ul", "ol"],
                            "label": "Answer",
                        },
                    ),
                    58: (
                        "wagtail.blocks.StructBlock",
                        [[("question", 56), ("answer", 57)]],
                        {},
                    ),
                    59: (
                        "wagtail.blocks.ListBlock",
                        (58,),
                        {"label": "Questions", "max_num": 10, "min_num": 2},
                    ),
                    60: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "default": 1,
                            "help_text": "1 is the first; 0 keeps all of them closed.",
                            "label": "Which one is open",
                            "max_value": 10,
                            "min_value": 0,
                        },
                    ),
                    61: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("questions", 59),
                                ("opened", 60),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    62: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Empty: the name of the product.",
                            "label": "Title",
                            "max_length": 45,
                            "required": False,
                        },
                    ),
                    63: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Text", "max_length": 160, "required": False},
                    ),
                    64: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {
                            "help_text": "The block is gone from then on. It changes no price.",
                            "label": "End",
                        },
                    ),
                    65: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("product", 40),
                                ("kicker", 24),
                                ("title", 62),
                                ("text", 63),
                                ("ends_at", 64),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    66: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "As shoppers type it. Set up what it does in the promotions.",
                            "label": "Code",
                            "max_length": 20,
                        },
                    ),
                    67: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 80},
                    ),
                    68: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "label": "Dates and limits",
                            "max_length": 160,
                            "required": False,
                        },
                    ),
                    69: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("code", 66),
                                ("title", 67),
                                ("terms", 68),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    70: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Kept, word for word, with every address and the time.",
                            "label": "What they agree to",
                            "max_length": 240,
                        },
                    ),
                    71: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "default": "letter",
                            "help_text": "Addresses of one list can be told from those of another.",
                            "label": "List",
                            "max_length": 40,
                        },
                    ),
                    72: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 25),
                                ("text", 63),
                                ("consent", 70),
                                ("audience", 71),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    73: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 45},
                    ),
                    74: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {"default": [], "label": "Links", "max_num": 2},
                    ),
                    75: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("kicker", 24),
                                ("title", 73),
                                ("text", 63),
                                ("links", 74),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    76: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("title", 73),
                                ("text", 63),
                                ("links", 7),
                                ("glaze", 30),
                                ("side", 27),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    77: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 40},
                    ),
                    78: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 77),
                                ("text", 63),
                                ("links", 74),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    79: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {
                            "default": [None, None, None],
                            "help_text": "Three, in the order in which they stand.",
                            "label": "Products",
                            "max_num": 3,
                            "min_num": 3,
                        },
                    ),
                    80: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 73),
                                ("text", 63),
                                ("products", 79),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    81: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("home.LayoutBlock",),
                        {"label": "Layout block"},
                    ),
                    82: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("block", 81),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                },
                verbose_name="blocks",
            ),
        ),
        migrations.AlterField(
            model_name="layoutblock",
            name="content",
            field=wagtail.fields.StreamField(
                [
                    ("unreadable", 0),
                    ("product_shelf", 16),
                    ("category_tiles", 21),
                    ("editorial", 28),
                    ("banner", 31),
                    ("text", 33),
                    ("table", 37),
                    ("image", 38),
                    ("hotspots", 45),
                    ("video", 49),
                    ("quotes", 55),
                    ("faq", 61),
                    ("flash_sale", 65),
                    ("promo_code", 69),
                    ("newsletter", 72),
                    ("announcement", 75),
                    ("menu_section", 80),
                    ("menu_link", 81),
                    ("footer_about", 83),
                    ("link_column", 86),
                ],
                block_lookup={
                    0: ("wagtail.blocks.TextBlock", (), {}),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Heading", "max_length": 60},
                    ),
                    2: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 40},
                    ),
                    3: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {"label": "Page", "required": False},
                    ),
                    4: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Category",),
                        {"label": "Category", "required": False},
                    ),
                    5: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Only when it is neither a page nor a category, such as /shop/.",
                            "label": "Address",
                            "max_length": 500,
                            "required": False,
                        },
                    ),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [[("label", 2), ("page", 3), ("category", 4), ("address", 5)]],
                        {},
                    ),
                    7: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {"default": [], "label": "Link", "max_num": 1},
                    ),
                    8: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("picked", "The ones picked below"),
                                ("newest", "The newest"),
                                ("on_sale", "Reduced ones"),
                                ("category", "Of a category"),
                            ],
                            "label": "Which products",
                        },
                    ),
                    9: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {},
                    ),
                    10: (
                        "wagtail.blocks.ListBlock",
                        (9,),
                        {"default": [], "label": "Products", "max_num": 12},
                    ),
                    11: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "default": 4,
                            "help_text": "Of those found by a rule; picked ones are all shown.",
                            "label": "How many",
                            "max_value": 12,
                            "min_value": 2,
                        },
                    ),
                    12: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "Leave out what is sold out",
                            "required": False,
                        },
                    ),
                    13: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {"label": "Show from", "required": False},
                    ),
                    14: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {"label": "Show until", "required": False},
                    ),
                    15: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "So that links can lead here, as in #care.",
                            "label": "Anchor",
                            "max_length": 40,
                            "required": False,
                        },
                    ),
                    16: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("links", 7),
                                ("rule", 8),
                                ("category", 4),
                                ("products", 10),
                                ("count", 11),
                                ("skip_sold_out", 12),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    17: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Category",),
                        {"label": "Category"},
                    ),
                    18: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Empty: the category's own.",
                            "label": "Picture",
                            "required": False,
                        },
                    ),
                    19: (
                        "wagtail.blocks.StructBlock",
                        [[("category", 17), ("picture", 18)]],
                        {},
                    ),
                    20: (
                        "wagtail.blocks.ListBlock",
                        (19,),
                        {"label": "Categories", "max_num": 6, "min_num": 2},
                    ),
                    21: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("categories", 20),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    22: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {"label": "Picture"},
                    ),
                    23: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Caption", "max_length": 140, "required": False},
                    ),
                    24: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Kicker", "max_length": 30, "required": False},
                    ),
                    25: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 60},
                    ),
                    26: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "Text", "max_length": 600},
                    ),
                    27: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("start", "Picture first"),
                                ("end", "Picture last"),
                            ],
                            "label": "Side",
                        },
                    ),
                    28: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("caption", 23),
                                ("kicker", 24),
                                ("title", 25),
                                ("text", 26),
                                ("links", 7),
                                ("side", 27),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    29: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Line", "max_length": 140, "required": False},
                    ),
                    30: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("celadon", "Celadon, pale green"),
                                ("ochre", "Ochre, warm yellow"),
                                ("madder", "Madder, pale rose"),
                                ("cobalt", "Cobalt, deep blue"),
                                ("kiln", "Kiln, near black"),
                            ],
                            "label": "Glaze",
                            "required": False,
                        },
                    ),
                    31: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 25),
                                ("line", 29),
                                ("links", 7),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    32: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": [
                                "h2",
                                "h3",
                                "bold",
                                "italic",
                                "ol",
                                "ul",
                                "link",
                                "blockquote",
                                "image",
                                "hr",
                            ],
                            "label": "Text",
                        },
                    ),
                    33: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("text", 32),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    34: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 200, "required": False},
                    ),
                    35: (
                        "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
                        [[("words", 34)]],
                        {"label": "Table"},
                    ),
                    36: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "The first column names the rows",
                            "required": False,
                        },
                    ),
                    37: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("table", 35),
                                ("has_row_headings", 36),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    38: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("picture", 22),
                                ("caption", 23),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    39: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Press on the picture to place the next point, or type it in.",
                            "label": "Picture",
                        },
                    ),
                    40: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {"label": "Product"},
                    ),
                    41: (
                        "wagtail.blocks.FloatBlock",
                        (),
                        {
                            "label": "From the left, in per cent",
                            "max_value": 100,
                            "min_value": 0,
                        },
                    ),
                    42: (
                        "wagtail.blocks.FloatBlock",
                        (),
                        {
                            "label": "From the top, in per cent",
                            "max_value": 100,
                            "min_value": 0,
                        },
                    ),
                    43: (
                        "wagtail.blocks.StructBlock",
                        [[("product", 40), ("x", 41), ("y", 42)]],
                        {},
                    ),
                    44: (
                        "wagtail.blocks.ListBlock",
                        (43,),
                        {"label": "Points", "max_num": 6, "min_num": 2},
                    ),
                    45: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("links", 7),
                                ("picture", 39),
                                ("points", 44),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    46: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Of a video at YouTube or Vimeo, as your browser shows it.",
                            "label": "Address",
                            "max_length": 300,
                        },
                    ),
                    47: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Title", "max_length": 80},
                    ),
                    48: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {
                            "help_text": "Stands there until somebody presses to play.",
                            "label": "Still picture",
                        },
                    ),
                    49: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("address", 46),
                                ("title", 47),
                                ("picture", 48),
                                ("caption", 23),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    50: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {"label": "Quote", "max_length": 160},
                    ),
                    51: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Who said it", "max_length": 40},
                    ),
                    52: (
                        "wagtail.snippets.blocks.SnippetChooserBlock",
                        ("shop.Product",),
                        {"label": "About", "required": False},
                    ),
                    53: (
                        "wagtail.blocks.StructBlock",
                        [[("quote", 50), ("name", 51), ("product", 52)]],
                        {},
                    ),
                    54: (
                        "wagtail.blocks.ListBlock",
                        (53,),
                        {"label": "Quotes", "max_num": 3, "min_num": 2},
                    ),
                    55: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("quotes", 54),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    56: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Question", "max_length": 120},
                    ),
                    57: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "features": ["bold", "italic", "link", "ul", "ol"],
                            "label": "Answer",
                        },
                    ),
                    58: (
                        "wagtail.blocks.StructBlock",
                        [[("question", 56), ("answer", 57)]],
                        {},
                    ),
                    59: (
                        "wagtail.blocks.ListBlock",
                        (58,),
                        {"label": "Questions", "max_num": 10, "min_num": 2},
                    ),
                    60: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "default": 1,
                            "help_text": "1 is the first; 0 keeps all of them closed.",
                            "label": "Which one is open",
                            "max_value": 10,
                            "min_value": 0,
                        },
                    ),
                    61: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 1),
                                ("questions", 59),
                                ("opened", 60),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    62: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Empty: the name of the product.",
                            "label": "Title",
                            "max_length": 45,
                            "required": False,
                        },
                    ),
                    63: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Text", "max_length": 160, "required": False},
                    ),
                    64: (
                        "wagtail.blocks.DateTimeBlock",
                        (),
                        {
                            "help_text": "The block is gone from then on. It changes no price.",
                            "label": "End",
                        },
                    ),
                    65: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("product", 40),
                                ("kicker", 24),
                                ("title", 62),
                                ("text", 63),
                                ("ends_at", 64),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    66: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "As shoppers type it. Set up what it does in the promotions.",
                            "label": "Code",
                            "max_length": 20,
                        },
                    ),
                    67: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Words", "max_length": 80},
                    ),
                    68: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "label": "Dates and limits",
                            "max_length": 160,
                            "required": False,
                        },
                    ),
                    69: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("code", 66),
                                ("title", 67),
                                ("terms", 68),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    70: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Kept, word for word, with every address and the time.",
                            "label": "What they agree to",
                            "max_length": 240,
                        },
                    ),
                    71: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "default": "letter",
                            "help_text": "Addresses of one list can be told from those of another.",
                            "label": "List",
                            "max_length": 40,
                        },
                    ),
                    72: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("title", 25),
                                ("text", 63),
                                ("consent", 70),
                                ("audience", 71),
                                ("glaze", 30),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    73: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Line", "max_length": 90},
                    ),
                    74: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "default": True,
                            "label": "Shoppers may hide it",
                            "required": False,
                        },
                    ),
                    75: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("line", 73),
                                ("links", 7),
                                ("glaze", 30),
                                ("can_be_hidden", 74),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    76: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "Empty: the name of the category.",
                            "label": "Words",
                            "max_length": 24,
                            "required": False,
                        },
                    ),
                    77: (
                        "wagtail.images.blocks.ImageChooserBlock",
                        (),
                        {"label": "Picture", "required": False},
                    ),
                    78: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Caption", "max_length": 60, "required": False},
                    ),
                    79: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {"default": [], "label": "Further links", "max_num": 6},
                    ),
                    80: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("category", 17),
                                ("label", 76),
                                ("picture", 77),
                                ("caption", 78),
                                ("more", 79),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    81: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("label", 2),
                                ("page", 3),
                                ("category", 4),
                                ("address", 5),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    82: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Text", "max_length": 160},
                    ),
                    83: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("text", 82),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                    84: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Heading", "max_length": 30},
                    ),
                    85: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {"default": [], "label": "Links", "max_num": 8, "min_num": 1},
                    ),
                    86: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("heading", 84),
                                ("links", 85),
                                ("shown_from", 13),
                                ("shown_until", 14),
                                ("anchor", 15),
                            ]
                        ],
                        {},
                    ),
                },
                verbose_name="content",
            ),
        ),
    ]
