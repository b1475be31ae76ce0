"""Words that tell nothing about an event, in the languages that are met most."""

_WORDS = """
the and for with that this from have has had was were are been being but not you all any can could would should
will shall may might must into onto over under out off about above after again against before between both
because during each few more most other some such than then there these they their them those through too very
what when where which while who whom why how its it's his her him she our ours your yours itself himself herself
also just only own same here once further does did doing don't says said say told according new one two three
first last year years month months week weeks day days today yesterday monday tuesday wednesday thursday friday
saturday sunday january february march april june july august september october november december company
companies firm group inc ltd corp plc per cent percent million billion people like make made get got now still
much many well even since until around across among every upon per via yet
der die das den dem des ein eine einer eines einem einen und oder aber nicht mit von vom zum zur bei aus auf
für über unter nach vor durch als auch sich sind ist war waren wird werden wurde wurden hat haben hatte sein
seine ihre ihr wie noch nur schon mehr sowie dass wenn weil
les des une dans pour par sur avec sans est sont été qui que quoi dont aux ses leur leurs plus mais comme cette
ces son elle ils nous vous los las una unos unas del por para con sin que como más pero sus fue son está
gli una uno dei delle della nel alla che per con non come più sono
"""

STOP_WORDS = frozenset(_WORDS.split())
