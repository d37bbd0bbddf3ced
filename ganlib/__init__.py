"""GAN 수업에서 함께 쓰는 작은 꾸러미입니다. 필요한 모듈을 골라 `from ganlib import data`처럼 가져옵니다."""
