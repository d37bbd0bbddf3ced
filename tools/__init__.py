"""저자가 실행하는 도구: 노트북을 다루는 lesson, 진짜 JupyterLab을 여는 browser, 가중치를 다시 만드는 record."""
