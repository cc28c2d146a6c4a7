"""How late the screen is while a folder is scanned or a paste comes in, and how long lists scroll beside short ones.

`python -m tests.benchmarks.lateness [--gb 1] [--share 0.005]`: the app runs without a terminal; a clock
in its event loop wakes every few milliseconds and notes by how much it overslept.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median

from textual._xterm_parser import XTermParser

from screens.app.app import WizardApp
from screens.app.arrival import QuickParser
from screens.app.failures import SessionsScreen
from screens.words import Teller
from tests.benchmarks.run import corpus, say
from wizard.case.case import Case, StepId
from wizard.facts import Occurrences
from wizard.steps.intake import read_into

BEAT = 0.005
"""Seconds between two looks at the clock."""


async def late(work: Callable[[], Awaitable[None]]) -> list[float]:
    """By how many milliseconds each look at the clock was late while the work was done, the largest last."""
    found: list[float] = []
    done = asyncio.Event()

    async def look() -> None:
        while not done.is_set():
            begin = time.perf_counter()
            await asyncio.sleep(BEAT)
            found.append((time.perf_counter() - begin - BEAT) * 1000)

    looking = asyncio.create_task(look())
    await work()
    done.set()
    await looking
    return sorted(found)


def told(name: str, found: list[float], unit: str = "ms") -> None:
    """Prints median, 95th percentile and the largest."""
    high = found[int(len(found) * 0.95)]
    say(f"  {name:44} median {median(found):6.2f}  95 % {high:6.2f}  most {found[-1]:6.2f} {unit}")


async def while_scanning(folder: Path) -> None:
    """Opens the folder at the step of the log."""
    app = WizardApp(Case(), at=StepId.LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        told("nothing to do", await late(partial(asyncio.sleep, 2)))

        async def scan() -> None:
            tell = Teller(app.tell_from_thread)
            app.reading.begin(StepId.LOG, lambda case, stop: read_into(case, StepId.LOG, folder, tell, stop))
            while app.reading.under_way(StepId.LOG):
                await asyncio.sleep(BEAT)
            await pilot.pause()

        told("while a folder is scanned", await late(scan))
        if app.case.now.log is None:
            sys.exit("the folder was not read")


async def while_pasting(parser_of: Callable[[], XTermParser], typed: bool) -> None:
    """5 MB come from the terminal, read by a thread as Textual's driver does, and are read to the end."""
    row = f"2026-11-20T08:00:00.000Z,Internet,0AB1C2D3E4F50000,0,,198.51.100.7:25,*,,{'x' * 40}\r"
    text = row * (5_000_000 // len(row))
    sent = text if typed else f"\x1b[200~{text}\x1b[201~"
    app = WizardApp(Case(), at=StepId.LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        loop = asyncio.get_running_loop()

        def read() -> None:
            parser = parser_of()
            for begin in range(0, len(sent), 4096):
                for message in parser.feed(sent[begin : begin + 4096]):
                    message.set_sender(app)
                    asyncio.run_coroutine_threadsafe(app._post_message(message), loop)

        async def paste() -> None:
            await asyncio.to_thread(read)
            while app.case.now.log is None:
                await asyncio.sleep(BEAT)
            await pilot.pause()

        begin = time.perf_counter()
        told(f"5 MB {'typed' if typed else 'pasted'}, {parser_of.__name__}", await late(paste))
        say(f"    {time.perf_counter() - begin:.1f} s from the first character to the answer")


async def scrolling(count: int) -> list[float]:
    """Milliseconds from a key to the settled screen, in a list of so many failed handshakes."""
    found = Occurrences()
    for number in range(count):
        time_ = f"2026-11-22T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
        found.add("Outbound", "UnknownCredentials", "AB" * 20, "192.0.2.9:25", "SEND.LOG", f"{number:016X}", time_)
    app = WizardApp(Case(), at=StepId.LOG)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(SessionsScreen(StepId.LOG, found))
        await pilot.pause()
        taken: list[float] = []
        for key in ["pagedown", "down", "end", "pageup", "up", "home"] * 20:
            begin = time.perf_counter()
            await pilot.press(key)
            taken.append((time.perf_counter() - begin) * 1000)
    return sorted(taken)


async def everything(gigabytes: float, share: float) -> None:
    """Runs all of it."""
    with corpus(int(gigabytes * 1000), share, seed=1) as folder:
        await while_scanning(folder)
    for parser_of, typed in ((XTermParser, False), (QuickParser, False), (QuickParser, True)):
        await while_pasting(parser_of, typed)
    say("\nFrom a key to the settled screen:")
    for count in (10, 100_000, 10, 100_000):
        told(f"{count:,} failed handshakes", await scrolling(count))


def main() -> None:
    """Reads the arguments and runs everything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--gb", type=float, default=1.0)
    parser.add_argument("--share", type=float, default=0.005)
    chosen = parser.parse_args()
    # As the program itself does before it starts.
    gc.freeze()
    asyncio.run(everything(chosen.gb, chosen.share))


if __name__ == "__main__":
    main()
