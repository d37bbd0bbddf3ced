"""위젯과 멈춘 그림을 한 출력에 함께 담습니다."""

import base64


class Still:
    """커널이 있으면 위젯을, 없으면 그 자리에 멈춘 그림과 글을 보여 주는 성질입니다. 위젯의 클래스에 섞어 씁니다.

    `still_text`는 늘 같은 글, `still_png()`는 PNG의 bytes 또는 None입니다.
    """

    still_text = "(놀잇감)"
    _ipython_display_ = None  # ipywidgets 7은 이것이 있으면 아래의 묶음을 보지 않습니다.

    def still_png(self):
        return None

    def _repr_mimebundle_(self, **kwargs):
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        bundle = {"text/plain": self.still_text, "application/vnd.jupyter.widget-view+json": view}
        if png := self.still_png():
            bundle["image/png"] = base64.b64encode(png).decode()
        return bundle
