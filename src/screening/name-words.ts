/**
 * Words that say little about who is meant. They are tables and not cleverness, so that whoever doubts a score can look
 * here. All are in the form that `normalName` makes: lower-case ASCII without dots.
 */

/** Forms of companies, of one word or several, in the languages that lists are full of. */
export const legalForms: readonly string[] = listed(`
  ltd, limited, llc, llp, lp, lllp, inc, incorporated, corp, corporation, co, company, plc, pty ltd, pty, pte ltd,
  pte, pvt ltd, pvt, private limited, public limited company, co ltd, cic, limited liability company,
  limited liability partnership, joint stock company, public joint stock company, closed joint stock company,
  open joint stock company, jsc, pjsc, cjsc, ojsc, psc, fze, fzco, fzc, fz llc, fz, dmcc, wll, saoc, saog, kscc,
  ksc, est, gmbh, gmbh co kg, mbh, ag, kg, kgaa, ohg, gbr, ug, eg, ev, se, sa, sas, sasu, sarl, sarlau, sca, scs,
  snc, eurl, spa, srl, srls, sapa, sl, slu, sau, sa de cv, s de rl de cv, sapi de cv, ltda, eireli, cia, ca, bv,
  nv, vof, cv, ab, aktiebolag, as, asa, aps, a s, oy, oyj, ehf, hf, ou, sia, uab, sp z o o, spzoo, sp j, sp k, sro,
  s r o, doo, d o o, dd, ad, ead, eood, ood, kft, zrt, nyrt, bt, sc, ooo, oao, zao, pao, ao, tov, prat, pat, too,
  oosc, fgup, gup, mup, npo, npp, nii, obshchestvo s ogranichennoy otvetstvennostyu, aktsionernoe obshchestvo,
  zakrytoe aktsionernoe obshchestvo, otkrytoe aktsionernoe obshchestvo, publichnoe aktsionernoe obshchestvo,
  anonim sirketi, limited sirketi, ltd sti, as tic, san ve tic ltd sti, san tic, sti, ae, a e, epe, ike, kk, k k,
  gk, yk, kabushiki kaisha, tbk, pt, sdn bhd, bhd, jsb, tnhh, cong ty, youxian gongsi, gufen youxian gongsi,
  sharikat, sharika, sherkat, sherkate, sahami khas, sahami am, mchj, llp kz`);

/** The same in scripts whose words are not set apart by spaces, or that read alike only in their own letters. */
export const legalFormsInScript: readonly string[] = listed(`
  股份有限公司, 有限责任公司, 有限責任公司, 有限公司, 公司, 株式会社, 有限会社, 合同会社, 주식회사, 유한회사, (주), شركة, مؤسسة, شرکت, سهامی خاص, سهامی عام,
  ذ م م, ذ.م.م, ش م م, ש״מ, בע"מ, בע״מ`);

/** What a business does, as Chinese names write it, which transliteration would make noise of. */
export const meanings: readonly (readonly [written: string, meant: string])[] = pairs(`
  科技 = technology, 技术 = technology, 技術 = technology, 贸易 = trading, 貿易 = trading, 国际 = international,
  國際 = international, 集团 = group, 集團 = group, 电子 = electronics, 電子 = electronics, 进出口 = import export,
  進出口 = import export, 实业 = industries, 實業 = industries, 工业 = industries, 工業 = industries, 银行 = bank, 銀行 = bank,
  大学 = university, 大學 = university, 研究所 = institute, 研究院 = institute, 物流 = logistics, 航运 = shipping,
  للتجارة = trading, التجارية = trading, للشحن = shipping, الدولية = international`);

/** What many organizations are called besides their own name. It weighs less. */
export const commonWords: ReadonlySet<string> = new Set(
  listed(`
  academy, aerospace, agency, agricultural, agriculture, agro, air, airlines, alliance, allied, american, asia,
  asian, associates, association, atlantic, automation, automotive, avia, aviation, bank, banking, bureau,
  business, capital, cargo, center, centre, charity, chemical, chemicals, commerce, commercial, committee,
  communication, communications, concern, construction, consulting, contracting, council, cyber, data, defence,
  defense, design, development, digital, distribution, division, east, eastern, economic, electric, electrical,
  electronic, electronics, energy, engineering, enterprise, enterprises, equipment, establishment, europe,
  european, exchange, export, factory, federal, finance, financial, food, foods, foreign, foundation, freight,
  fund, gas, general, global, group, gulf, holding, holdings, hospital, house, import, industrial, industries,
  industry, information, institute, insurance, international, invest, investment, investments, laboratories,
  laboratory, lines, logistics, machine, machinery, management, manufacturing, marine, maritime, market, marketing,
  material, materials, media, medical, metal, metals, military, mining, ministry, motor, motors, national,
  navigation, network, networks, north, northern, oil, operations, optical, organization, overseas, pacific,
  partners, petrochemical, petroleum, pharma, pharmaceutical, pharmaceuticals, plant, plastics, port, power,
  precision, production, products, project, projects, prom, properties, property, public, real, realty, regional,
  research, resources, science, scientific, security, service, services, shipbuilding, shipping, shipyard, society,
  software, solutions, south, southern, state, steel, supply, system, systems, tanker, tech, technical,
  technological, technologies, technology, telecom, telecommunications, textile, textiles, torg, trade, traders,
  trading, transport, transportation, travel, trust, union, united, university, utilities, ventures, water, west,
  western, works, world, worldwide, yard`),
);

/** Words that join others, and parts of surnames that are often left out. They weigh next to nothing. */
export const smallWords: ReadonlySet<string> = new Set(
  listed(`
  a, abu, al, and, ben, bin, bint, bte, da, das, de, del, dela, della, den, der, di, do, dos, du, e, el, et, for,
  i, ibn, il, in, la, las, le, los, of, oglu, ould, san, sons, st, te, ten, ter, the, to, u, ul, un, und, ur, van,
  ve, von, y, zu, zum`),
);

/** What stands before people's names and is no part of them. */
export const titles: ReadonlySet<string> = new Set(
  listed(`
  adm, admiral, ayatollah, brig, brigadier, capt, captain, col, colonel, dame, don, dona, dr, eng, engr, frau, gen,
  general, hadji, haji, hajj, hajji, herr, imam, ing, lieutenant, lt, maj, major, maulana, maulvi, mawlawi, miss,
  mr, mrs, ms, mullah, prof, professor, sayyid, senor, senora, seyed, sgt, shaikh, shaykh, sheik, sheikh, sir`),
);

/** Short forms that are written as often as the long ones. */
export const shortForms: ReadonlyMap<string, string> = new Map(
  pairs(`
  intl = international, internatl = international, int = international, bros = brothers, mfg = manufacturing,
  mfrs = manufacturing, engg = engineering, univ = university, inst = institute, assn = association,
  assoc = association, dept = department, natl = national, govt = government, grp = group, hldg = holding,
  hldgs = holdings, svcs = services, tech = technology, technologies = technology, telecom = telecommunications,
  trdg = trading, trade = trading, transp = transport, transportation = transport, shpg = shipping,
  elec = electronics, electronic = electronics, ind = industries, inds = industries, industry = industries,
  industrial = industries, holding = holdings, system = systems, service = services, centre = center, ctr = center,
  defence = defense, saint = st, mohd = mohammed, muhd = mohammed, md = mohammed`),
);

function listed(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

function pairs(text: string): [string, string][] {
  return listed(text).map((pair) => {
    const [one = '', other = ''] = pair.split(' = ');
    return [one, other];
  });
}
