"""저자가 실행하는 도구: 차시를 다루는 lesson, 크기를 재는 meter, JupyterLab을 여는 browser, 가중치를 만드는 record."""
