"""노트북으로 읽는 쪽을 만듭니다. 커널이 없어도 슬라이더와 놀잇감이 움직입니다.

    python -m tools.site OUT    OUT 폴더에 index.html과 차시의 쪽을 만듭니다. 필요한 것은 requirements.txt에 있습니다.

`build`가 차례를 정합니다. `collect`는 차시의 셀을 실행해 움직이는 것의 자료를 모으고, `page`는 저장된 결과로 쪽을
짓습니다.
"""
