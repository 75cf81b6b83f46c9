"""What a Qt developer would pick to send changes: QNetworkAccessManager, six connections to a host."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication, QUrl
from PySide6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest

from tests.benchmarks.children.parts import answer


def main() -> None:
    """Send one change of each order; the arguments are address, key, status and the file with the ids."""
    app = QCoreApplication([])
    address, key, status, file = sys.argv[2:6]
    ids = Path(file).read_text("ascii").split()
    manager = QNetworkAccessManager()
    body = QByteArray(f'{{"order": {{"status": "{status}"}}}}'.encode())
    left = len(ids)

    def finished(reply: QNetworkReply) -> None:
        nonlocal left
        assert reply.error() == QNetworkReply.NetworkError.NoError, reply.errorString()
        assert b"succeeded" in reply.readAll().data()
        reply.deleteLater()
        left -= 1
        if left == 0:
            app.quit()

    manager.finished.connect(finished)
    started = time.perf_counter()
    for remote_id in ids:
        request = QNetworkRequest(QUrl(f"{address}/internal_api/orders/{remote_id}.json"))
        request.setRawHeader(b"Api-Key", key.encode())
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        manager.put(request, body)
    app.exec()
    answer(per_second=len(ids) / (time.perf_counter() - started))


if __name__ == "__main__":
    main()
