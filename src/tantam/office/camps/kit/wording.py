"""The opening words of a camp: plain Vietnamese syllables without accents, said over a bad line and typed with cold
hands. Eight of 256, each as likely: 64 bits, behind a scrypt of 0.1 s a try.
"""

from __future__ import annotations

from math import ceil, log2

from tantam.office.camps.locks import Random

LEAST_BITS = 60
WORDS = """
an ao ba bac bai ban bang banh bao bat bay be ben beo bep bi bien binh bo boi bon bong bot bua bui bun buoi buom buon
ca cai cam can canh cao cap cat cau cay chai chan chang chanh chao chau che chieu chim chin cho choi chom chong chua
chuoi chuong co coi con cong cot cua cui cung da dan dao dau day de dem den dep di dia diem dieu dinh do doi don dong
dua duc dung duoc duong em ga gac gai gan gao gap gat gia giang giay gio gioi giong giot gio go goi gom gon guong ha
hai han hang hanh hao hat hau hay hen heo het hieu hinh hoa hoai hoc hoi hom hong hop hot hue hung huong ke keo kep
khan khau khe kheo khi khoai khoe khon khu khung kia kien kim kinh la lac lai lam lan lang lanh lao lau lay len leo
lich lien lieu linh lo loa loi lon long lua luc lui lung luoi luon ma mai man mang manh mat mau may men meo mia mien
minh mo moc moi mon mong mot mua muc mui mung muoi muon nai nam nang nao nau nem nen neo nep ngan nghe ngoc ngoi ngon
ngu nguon nha nhac nhan nhanh nho nhon nhung nia noi non nong nui nuoc oi ong phai phan phep pho phong qua quan que
ranh rau reo rong rung ruou sach sao say sen soi song suoi tai tam tay then thong tien tim to toi tre trong tu vai
van vui
"""
LIST = tuple(dict.fromkeys(WORDS.split()))[:256]
COUNT = ceil(LEAST_BITS / log2(len(LIST)))


def words(random: Random) -> str:
    """New opening words, with spaces between; ``random`` gives so many random bytes."""
    return " ".join(LIST[byte] for byte in random(COUNT))
