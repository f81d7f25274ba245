"""House texts for the tests of stories: long enough to prove something, written for them."""

from __future__ import annotations

QUAY = (
    "The harbour board of Port Lenz approved a new quay on Tuesday after nine hours of debate. "
    "The quay will cost 140 million crowns, its chairman Ole Brandt told reporters in the evening. "
    "Work begins in March and should last two years, during which the old ferry landing stays "
    "open to passengers but not to lorries. Fishermen fear that dredging will drive the herring "
    "away from the bay, and have asked a court in Lenz to stop the work until a study is done. "
    "The board says that it has read three studies already, and that none of them found a danger "
    "to the herring or to the mussels that grow on the old piles. The town council is to vote on "
    "its share of the money before the summer. If it refuses, the board would have to borrow, "
    "and harbour fees would rise by a tenth for every ship that calls at the port."
)
MINE = (
    "Rescuers reached the lower gallery of the Karlova mine on Friday and found the six miners "
    "who had been missing since the roof gave way on Monday night. All of them are alive, the "
    "head of the rescue service, Petra Hlas, said outside the gate, where families had waited "
    "through four nights of rain. Two of the men have broken bones; the others were tired and "
    "thirsty but walked to the lift on their own feet. The mine's owner has closed the pit until "
    "inspectors have seen every prop. A union leader said that he had warned of the roof twice "
    "this year, in letters that nobody answered, and that he would hand them to the prosecutor."
)
VINES = (
    "Growers in the hills above Santarel are pulling up old vines faster than at any time since "
    "records began, because the young no longer drink red wine and the frost has come three "
    "springs in a row. The cooperative that buys their grapes offered money for every hectare "
    "given back to pasture, and half of its members signed within a month. Those who stay plant "
    "almonds between the rows. An agronomist at the regional school, Dora Pinheiro, thinks that "
    "the slopes will erode unless the terraces are kept, which costs more than the almonds earn."
)
EARNINGS = (
    "{name} said its profit for the quarter rose to {profit} mln dlrs from {before} mln dlrs a "
    "year ago. Sales were {sales} mln dlrs. The company said that demand for its products had "
    "been strong in all regions and that it expects a better second half. It will pay a dividend "
    "of {dividend} cts a share to holders of record at the end of the month. Its shares rose in "
    "early trading before they gave back part of the gain, in line with the wider market, which "
    "was waiting for the central bank to speak about interest rates later in the day."
)
FOOTER = (
    "Sign up to our newsletter for the stories that matter. Follow us on social media. "
    "All rights reserved."
)


def earnings(name: str, profit: float, before: float, sales: float, dividend: int) -> str:
    return EARNINGS.format(name=name, profit=profit, before=before, sales=sales, dividend=dividend)


def cut(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: int(len(words) * share)])
