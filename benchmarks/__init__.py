"""얼마나 좋고 얼마나 빠른지 잽니다. `python -m benchmarks.이름`으로 실행합니다."""
