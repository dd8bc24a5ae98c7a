"""Names and sentences from which the demo's pieces are told.

Names are a beginning and an ending: invented, and northern by sound. Sentences may name
{thing}, {a_thing}, {material}, {colour}, {workshop} and {town}.
"""

BEGINNINGS = """
Al Ar Ask Birk Bol Bran Bre Dag Dal Ei Ek El Elg Fa Fin Fjor Fla Fos Fro Gam Gran Gri
Hag Hal Ham Has Hav Hel Him Hol Hov Jar Kal Kjel Kol Kro Kvi Lan Lauv Lei Lin Lof Lom
Lyng Mal Mar Mel Mo Nar Nes Nor Od Ol Ors Ra Ran Ris Ros Rug Ska Sker Ski Sol Sor Stav
Stor Sul Sun Svan Tal Ten Tor Tro Ul Ur Vag Val Van Veg Vel Vik Vin Yr
""".split()
ENDINGS = """
bro dal den fjell gard gen gra heim lev lund mo nes ra stad strand sund tun vang vik
voll
""".split()

# By craft: how it is made.
OPENINGS = {
    "clay": [
        "Thrown on a kick wheel in {town}, dried for a week and fired once, slowly.",
        "{workshop} throws it from local clay with a little sand in it.",
        "The {colour} breaks lighter over each edge, where the glaze runs thin.",
        "{a_thing} with a bare foot ring, left unglazed so that you see the clay.",
        "Thin at the lip and heavy below, so that it stands where you put it.",
        "Each one leaves the kiln a little different; the throwing rings can be felt.",
        "Thrown and trimmed by two people in {town}, at about forty a week.",
        "The glaze is wood ash, iron and feldspar, mixed in the yard in {town}.",
        "An old form of the house, made again after a shard that hangs over the wheel.",
        "Fired to 1,240 degrees, which is why it rings when you tap it.",
    ],
    "bare": [
        "Thrown in {town} and left bare, so that the clay can breathe.",
        "{workshop} digs the clay, rests it for a winter and throws it in spring.",
        "{a_thing} with a skin like chalk, washed with lime and rubbed back by hand.",
        "Built in two halves and joined while damp; the seam is there to be found.",
        "The colour is the clay's own. It deepens with water and time.",
        "Fired low and slowly in a wood kiln, which leaves a shadow on one side.",
    ],
    "light": [
        "Made in {town} and wired by hand, with a cord that can be replaced.",
        "{a_thing} for the end of the day: it lights the table, not the walls.",
        "{workshop} builds each lamp from parts that come apart with one screwdriver.",
        "It takes the glare out of the bulb and keeps its warmth.",
        "Bright enough to read by, soft enough to talk under.",
        "Drawn for a reading corner in {town}, and asked for by all who sat there.",
        "{a_thing} without a logo or a remote: one switch, one light.",
        "Two people in {town} make about six of these a day, and test every one.",
    ],
    "cloth": [
        "Made in {town} on looms that are older than the weavers.",
        "{workshop} washes the cloth twice before cutting, so that it will not shrink.",
        "The yarn is dyed before it is worked; the colour goes all the way through.",
        "It has weight: it falls where it is thrown and stays there.",
        "Hemmed by hand, with corners folded rather than cut.",
        "Soft from the first evening, and softer after the tenth wash.",
        "Spun, made and sewn within forty kilometres of {town}.",
        "{material} of one farm and one summer.",
    ],
    "basket": [
        "Made in one piece from the base up, by one pair of hands in {town}.",
        "{workshop} soaks the stems for days and works them while they are supple.",
        "{a_thing} that creaks a little at first and then never again.",
        "What it is made of grows within sight of the workshop in {town}.",
        "Cut in winter, sorted by length, and woven before the leaves return.",
        "No two are quite as round as each other, and none of them tips over.",
        "Tight enough for small things, open enough to let them dry.",
    ],
    "wood": [
        "Made in {town} from boards that have dried for two years.",
        "{workshop} oils it twice and leaves the grain to be found with the thumb.",
        "{a_thing} without a screw: joints that swell tight and stay so.",
        "The edges are rounded by hand, since that is where one holds it.",
        "Made from short lengths that the joiner next door had no use for.",
        "Planed rather than sanded, so the surface closes and water beads on it.",
    ],
    "object": [
        "Made in {town} in runs of two hundred, and numbered underneath.",
        "{workshop} keeps the moulds on one shelf and retires one each year.",
        "{a_thing} that is meant to be used until it shows.",
        "Heavier than it looks, which is the point of it.",
        "Begun as a present for a neighbour in {town}, and asked for ever since.",
        "Finished by hand; a fine line tells where the parts meet.",
    ],
    "stone": [
        "Sawn from offcuts of a quarry near {town} and honed, never polished.",
        "{workshop} leaves the pores of the stone open: they are its handwriting.",
        "{a_thing} with felt beneath, kind to oak and to paint.",
        "Each block is cut across the bed, so the bands run upright.",
        "Two from one slab, so that the veins meet when they stand together.",
        "Heavy enough to hold a metre of cookery books.",
    ],
}

# By category, the longest path that fits: how it is used.
MIDDLES = {
    "ceramics/vases": [
        "It holds water overnight; each one is tested.",
        "One branch is enough, and three are plenty.",
        "Small specks come through the surface; they are the clay, not a fault.",
        "The neck is narrow enough to hold a stem where you put it.",
        "It does as well empty, on a shelf with space around it.",
        "Expect a millimetre or two either way.",
    ],
    "ceramics/candle-holders": [
        "It takes a household candle of 22 mm.",
        "Wax lifts off after an hour in the freezer.",
        "It catches its own drips.",
        "Light enough to carry, heavy enough to leave alone.",
    ],
    "ceramics/candle-holders/scented-candles": [
        "It burns for about fifty hours and smells of a place, not of perfume.",
        "Cut the wick to five millimetres each time.",
        "When it is finished, wash the cup in hot water and drink from it.",
        "The lid keeps the dust off, and the scent in.",
    ],
    "ceramics/clocks": [
        "The movement is silent and runs on one AA cell for about two years.",
        "The hands are brass and will darken; the face will not.",
        "It needs no wall: the foot holds it at a slight lean.",
    ],
    "tableware": [
        "It holds heat well, so warm it first.",
        "The glaze is never quite even; that is the hand, not a fault.",
        "It stacks with its sisters without chafing.",
        "The maker's mark is pressed into the foot.",
        "It goes with most whites and all greens.",
        "Knives leave no grey marks on this glaze.",
    ],
    "tableware/serving/trays": [
        "Wipe it dry after use and oil it once a year.",
        "The oil is food-safe linseed.",
        "Fingers find the rim in the dark.",
        "A felt dot beneath each end spares the table.",
    ],
    "lighting": [
        "It takes an ordinary E27 bulb, up to 8 watts, included.",
        "The cord is two and a half metres of woven cotton.",
        "Dimmable, repairable, and tested for three days before it is packed.",
        "Spare parts are kept for ten years.",
        "The light is warm, at 2,700 kelvin.",
    ],
    "textiles": [
        "Wash at thirty degrees and dry it lying flat.",
        "The filling is separate, so the cover can be washed alone.",
        "The zip is hidden in the hem.",
        "The reverse is plain, for calmer days.",
        "It keeps its corners.",
    ],
    "textiles/throws": [
        "Air it outside after rain; that is most of the washing it needs.",
        "The selvedge carries a thread in the weaver's colour.",
        "It has been brushed once, so it warms at once.",
        "Long enough for a sofa, and for whoever is asleep on it.",
    ],
    "storage/baskets": [
        "Wipe it with a damp cloth and let it dry in the shade.",
        "A spray of water twice a year keeps it supple.",
        "The base stands on two runners, so that air gets under it.",
        "Inside there is nothing that snags wool.",
    ],
    "storage/boxes": [
        "Wipe it dry and oil it once a year.",
        "The lid was fitted to its own box; both carry the same number inside.",
        "It lightens in the sun and darkens in the hand.",
        "A felt dot beneath each corner spares the table.",
    ],
    "storage/bins": [
        "Fold the cuff down for newspapers, up for wool.",
        "Brush it dry; felt forgives most things.",
        "Empty, it folds flat behind a door.",
    ],
    "storage/shelf-and-desk": [
        "Keep it away from vinegar and lemon.",
        "Dust with a dry brush.",
        "No two are banded alike.",
    ],
    "planters": [
        "There is a hole beneath and a saucer that belongs to it.",
        "Roots like it: the wall lets out what you water too much.",
        "The plant in the picture is not included, but it would like to be.",
        "It stands a mild winter outside.",
        "Put a shard over the hole before you fill it.",
    ],
}

CLOSINGS = [
    "Made by {workshop} in {town}.",
    "If it arrives broken we send another and you keep the pieces.",
    "Runs are short; when one is sold out, the next follows in a season or so.",
    "From {workshop}, whom we visit twice a year.",
    "A good first piece, and a better second one.",
    "It is the one we have at home.",
    "Packed in paper and straw.",
    "We have had ours for six years.",
    "Made for use rather than for the shelf.",
    "",
    "",
]

SECOND = (
    "This is a kiln second, with a mark we can see and you may not: a pinhole, a drip"
    " or a lean. It works like any other and costs a third less."
)
