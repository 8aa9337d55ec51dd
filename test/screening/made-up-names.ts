import type { Chance } from './chance.js';
import { allHabits, inLatin } from './cyrillic.js';

/** A party that does not exist, with the ways in which its name is written. */
export interface MadeUpName {
  readonly kind: 'ORGANIZATION' | 'PERSON';
  readonly country: string;
  /** As a list prints it. */
  readonly printed: string;
  /** The same name by other habits of transliteration, or in its own script. */
  readonly otherwise: readonly string[];
  /** Of what is the name made: nobody else has these parts. */
  readonly root: string;
}

type Maker = (chance: Chance) => MadeUpName;

/** A name of any kind, from any of the places. */
export function madeUpName(chance: Chance): MadeUpName {
  return chance.one(chance.happens(0.5) ? organizations : people)(chance);
}

const russianGiven = words(
  'Александр Алексей Анатолий Андрей Борис Вадим Валерий Виктор Виталий Владимир Геннадий Георгий Григорий Дмитрий Евгений Иван Игорь Кирилл Константин Леонид Максим Михаил Николай Олег Павел Роман Руслан Сергей Станислав Юрий Ярослав Елена Ирина Наталья Ольга Светлана Татьяна Юлия',
);
const russianFathers = words(
  'Александрович Андреевич Борисович Викторович Георгиевич Евгеньевич Иванович Михайлович Николаевич Юрьевич',
);
const russianStems = words(
  'Барш Велич Горд Гуляш Дроздец Ежевик Журавк Загорд Зимород Калинич Кедр Ковыл Лавровск Лопуш Медунец Мелиховск Неклюд Оршанск Перелыг Погож Рогач Рябиновск Северод Снегир Татищ Томилин Туман Угрюм Филимон Хворост Хорол Цветков Черемис Чернобров Шаповал Шиповник Щербат Щукар Юхнов Яблочк',
);
const russianEnds = words('ов ев ин енко ский цов ников чук');

const russianPerson: Maker = (chance) => {
  const given = chance.one(russianGiven);
  const surname = chance.one(russianStems) + chance.one(russianEnds);
  const parts = chance.happens(0.5) ? [given, chance.one(russianFathers), surname] : [given, surname];
  const cyrillic = parts.join(' ');
  const others = allHabits.filter((habit) => habit !== 'american').map((habit) => inLatin(cyrillic, habit));
  return person(inLatin(cyrillic, 'american'), [cyrillic, ...others], `${given} ${surname}`, 'RU');
};

/** Of Arabic names: as it is written there, and as it is written here. */
const arabicWords: readonly (readonly [string, ...string[]])[] = [
  ['محمد', 'Mohammed', 'Muhammad', 'Mohamed', 'Muhammed'],
  ['أحمد', 'Ahmed', 'Ahmad'],
  ['حسين', 'Hussein', 'Husayn', 'Hossein', 'Hussain'],
  ['يوسف', 'Yusuf', 'Youssef', 'Yousef'],
  ['خالد', 'Khaled', 'Khalid'],
  ['سعيد', 'Saeed', 'Said', 'Saeid'],
  ['جمال', 'Jamal', 'Djamal'],
  ['طارق', 'Tariq', 'Tarek', 'Tareq'],
  ['رشيد', 'Rashid', 'Rachid', 'Rasheed'],
  ['فيصل', 'Faisal', 'Faysal', 'Feisal'],
  ['عمر', 'Omar', 'Umar'],
  ['سليمان', 'Suleiman', 'Sulayman', 'Sulaiman'],
  ['إبراهيم', 'Ibrahim', 'Ebrahim'],
  ['مصطفى', 'Mustafa', 'Mostafa', 'Moustafa'],
  ['منصور', 'Mansour', 'Mansur', 'Mansoor'],
  ['قاسم', 'Qasim', 'Qasem', 'Kassem'],
  ['حمزة', 'Hamza', 'Hamzah'],
  ['بشير', 'Bashir', 'Bachir', 'Basheer'],
  ['نبيل', 'Nabil', 'Nabeel'],
  ['وليد', 'Walid', 'Waleed', 'Oualid'],
  ['زكريا', 'Zakaria', 'Zakariya'],
  ['ياسر', 'Yasser', 'Yasir', 'Yaser'],
  ['ماجد', 'Majed', 'Majid'],
  ['أنور', 'Anwar', 'Anouar'],
  ['جابر', 'Jaber', 'Jabir'],
  ['رمضان', 'Ramadan', 'Ramadhan'],
  ['شريف', 'Sharif', 'Cherif', 'Shareef'],
  ['كريم', 'Karim', 'Kareem'],
  ['لطفي', 'Lutfi', 'Lotfi'],
  ['هشام', 'Hisham', 'Hicham'],
];
/** Consonants as they are written there, and as two habits write them here. */
const arabicRoots: readonly (readonly [string, string, string])[] = [
  ['ب', 'b', 'b'],
  ['ت', 't', 't'],
  ['ج', 'j', 'dj'],
  ['ح', 'h', 'h'],
  ['خ', 'kh', 'kh'],
  ['د', 'd', 'd'],
  ['ر', 'r', 'r'],
  ['ز', 'z', 'z'],
  ['س', 's', 's'],
  ['ش', 'sh', 'ch'],
  ['ص', 's', 's'],
  ['ض', 'd', 'dh'],
  ['ط', 't', 't'],
  ['غ', 'gh', 'gh'],
  ['ف', 'f', 'f'],
  ['ق', 'q', 'k'],
  ['ك', 'k', 'k'],
  ['ل', 'l', 'l'],
  ['م', 'm', 'm'],
  ['ن', 'n', 'n'],
];

/** How roots become families: 1, 2 and 3 stand for the consonants. */
const arabicPatterns: readonly (readonly [string, string, string])[] = [
  ['123اوي', '1a23awi', '1a23aoui'],
  ['1ا2ر3ي', '1aa2er3i', '1a2ir3y'],
  ['1و2ي3', '1u2ai3', '1ou2ay3'],
  ['1234ان', '1a2a3lan', '1e2e3laan'],
  ['م12و3', 'ma12u3', 'ma12ou3'],
  ['1و23ية', '1o23iya', '1u23iyya'],
];

function arabicFamily(chance: Chance): readonly [string, string, string, string] {
  const root = [chance.one(arabicRoots), chance.one(arabicRoots), chance.one(arabicRoots)];
  const [script, first, second] = chance
    .one(arabicPatterns)
    .map((pattern, way) =>
      pattern.replaceAll(/[123]/g, (number) => root[Number(number) - 1]?.[way] ?? '').replace('4', 'ل'),
    );
  const printed = capital(first ?? '');
  return [`ال${script}`, `al-${printed}`, `Al ${capital(second ?? '')}`, `El-${printed}`];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

const arabicPerson: Maker = (chance) => {
  const [given, father, grandfather] = chance.shuffled(arabicWords);
  const family = arabicFamily(chance);
  if (!given || !father || !grandfather) throw new Error('There are too few names.');
  const parts = chance.happens(0.5) ? [given, father, grandfather, family] : [given, father, family];
  const printed = parts.map(([, first]) => first).join(' ');
  const spelt = [0, 1].map(() => parts.map(([, ...spellings]) => chance.one(spellings)).join(' '));
  return person(
    printed,
    [parts.map(([script]) => script).join(' '), ...spelt],
    `${given[1]} ${family[1]}`,
    chance.one(['SY', 'IQ', 'LB', 'YE', 'AE']),
  );
};

const chineseSurnames: readonly (readonly [string, string])[] = [
  ['王', 'Wang'],
  ['李', 'Li'],
  ['张', 'Zhang'],
  ['刘', 'Liu'],
  ['陈', 'Chen'],
  ['杨', 'Yang'],
  ['赵', 'Zhao'],
  ['黄', 'Huang'],
  ['周', 'Zhou'],
  ['吴', 'Wu'],
  ['徐', 'Xu'],
  ['孙', 'Sun'],
  ['胡', 'Hu'],
  ['郭', 'Guo'],
  ['林', 'Lin'],
  ['高', 'Gao'],
  ['马', 'Ma'],
  ['罗', 'Luo'],
  ['梁', 'Liang'],
  ['宋', 'Song'],
  ['郑', 'Zheng'],
  ['谢', 'Xie'],
  ['韩', 'Han'],
  ['唐', 'Tang'],
  ['冯', 'Feng'],
  ['于', 'Yu'],
  ['董', 'Dong'],
  ['萧', 'Xiao'],
  ['程', 'Cheng'],
  ['曹', 'Cao'],
  ['袁', 'Yuan'],
  ['邓', 'Deng'],
  ['许', 'Xu'],
  ['傅', 'Fu'],
  ['沈', 'Shen'],
  ['曾', 'Zeng'],
  ['彭', 'Peng'],
  ['吕', 'Lu'],
  ['苏', 'Su'],
  ['卢', 'Lu'],
  ['蒋', 'Jiang'],
  ['蔡', 'Cai'],
  ['贾', 'Jia'],
  ['丁', 'Ding'],
];
const chineseSyllables: readonly (readonly [string, string])[] = [
  ['晓', 'Xiao'],
  ['明', 'Ming'],
  ['建', 'Jian'],
  ['国', 'Guo'],
  ['文', 'Wen'],
  ['志', 'Zhi'],
  ['强', 'Qiang'],
  ['海', 'Hai'],
  ['龙', 'Long'],
  ['春', 'Chun'],
  ['梅', 'Mei'],
  ['玉', 'Yu'],
  ['东', 'Dong'],
  ['兴', 'Xing'],
  ['永', 'Yong'],
  ['德', 'De'],
  ['福', 'Fu'],
  ['华', 'Hua'],
  ['金', 'Jin'],
  ['荣', 'Rong'],
  ['伟', 'Wei'],
  ['芳', 'Fang'],
  ['娜', 'Na'],
  ['静', 'Jing'],
  ['丽', 'Li'],
  ['军', 'Jun'],
  ['洋', 'Yang'],
  ['勇', 'Yong'],
  ['艳', 'Yan'],
  ['杰', 'Jie'],
  ['娟', 'Juan'],
  ['涛', 'Tao'],
  ['超', 'Chao'],
  ['霞', 'Xia'],
  ['平', 'Ping'],
  ['刚', 'Gang'],
  ['桂', 'Gui'],
  ['英', 'Ying'],
  ['兰', 'Lan'],
  ['凤', 'Feng'],
  ['洁', 'Jie'],
  ['琳', 'Lin'],
  ['红', 'Hong'],
  ['宝', 'Bao'],
  ['光', 'Guang'],
  ['天', 'Tian'],
  ['新', 'Xin'],
  ['利', 'Li'],
  ['清', 'Qing'],
  ['飞', 'Fei'],
  ['彬', 'Bin'],
  ['富', 'Fu'],
  ['顺', 'Shun'],
  ['信', 'Xin'],
  ['子', 'Zi'],
  ['浩', 'Hao'],
];

const chinesePerson: Maker = (chance) => {
  const surname = chance.one(chineseSurnames);
  const [first, second] = chance.shuffled(chineseSyllables);
  if (!first || !second) throw new Error('There are too few syllables.');
  const given = first[1] + second[1].toLowerCase();
  const otherwise = [
    surname[0] + first[0] + second[0],
    `${given} ${surname[1]}`,
    `${surname[1]} ${first[1]} ${second[1]}`,
    `${first[1]}-${second[1]} ${surname[1]}`,
  ];
  return person(`${surname[1].toUpperCase()} ${given}`, otherwise, `${surname[1]} ${given}`, 'CN');
};

const westernGiven = words(
  'Albert Andrea Bernard Carlos Caroline Claudio Diego Edward Elena Enrique Erik Felipe Francesca Gerhard Giovanni Gregory Heinrich Isabel Jonathan Jürgen Katarina Laurent Leonardo Lucia Manuel Margaret Matthias Miguel Olivier Patrick Raymond Ricardo Roberto Sebastian Stefan Theresa Vincent Walter',
);
const westernStems = words(
  'Ablen Barstow Bergam Brandle Calder Castell Corven Delgar Drumm Engelst Escarr Farrow Ferrand Gallow Grimald Haldor Hartig Ilberg Kestrel Langmor Lindqu Marchet Monter Norwell Ostrand Pembrow Quintan Ravens Rosendal Salvat Sterndal Thornbur Valcour Vester Wolfsber Zamar',
);
const westernEnds = words('ino ez er son mann elli ois ard ett ham worth eros ström');

const westernPerson: Maker = (chance) => {
  const [given, middle] = chance.shuffled(westernGiven);
  const surname = chance.one(westernStems) + chance.one(westernEnds);
  const parts = chance.happens(0.4) ? [given, middle, surname] : [given, surname];
  return person(parts.join(' '), [], `${given} ${surname}`, chance.one(['US', 'DE', 'ES', 'IT', 'MX', 'CO', 'FR']));
};

const people: readonly Maker[] = [russianPerson, arabicPerson, chinesePerson, westernPerson];

const trades = words(
  'Shipping Trading Engineering Electronics Logistics Petrochemical Aviation Construction Investment Machinery Technology Telecommunications Industries Energy Marine Chemical Pharmaceutical',
);
const firstSyllables = words(
  'Al Bar Cor Dal El Fen Gal Hor Il Jas Kor Lam Mar Nev Or Pal Quin Ras Sol Tor Ul Var Wen Xan Yor Zel Bran Cald Dor Esk Frel Gorm Hax Kest Lor Myr Nor Pell Rhed Strav Thal Vesk',
);
const midSyllables = words('a e i o u an ar en er il in on or um ande este iva ora uma');
const insideSyllables = words('b d f g k l m n p r s t v z br dr gl kr');
const lastSyllables = words('bek dal dris fax gar hal jan kesh lin mar nox pex quil ran sar tek ven vik wick xis zon');

function coinedWord(chance: Chance): string {
  const middles = chance.happens(0.4) ? chance.one(midSyllables) + chance.one(insideSyllables) : '';
  return chance.one(firstSyllables) + middles + chance.one(midSyllables) + chance.one(lastSyllables);
}

const westernOrganization: Maker = (chance) => {
  const coined = chance.happens(0.4) ? [coinedWord(chance), coinedWord(chance)] : [coinedWord(chance)];
  const named = [...coined, ...chance.shuffled(trades).slice(0, 1 + chance.below(2))];
  if (chance.happens(0.3)) named.push('International');
  const form = chance.one(['Ltd', 'LLC', 'GmbH', 'S.A.', 'B.V.', 'Inc.', 'FZE', 'S.p.A.', 'Co., Ltd.', 'A.S.']);
  return organization(
    [...named, form].join(' '),
    [],
    coined.join(' '),
    chance.one(['AE', 'DE', 'US', 'NL', 'IT', 'TR', 'PA', 'CY']),
  );
};

const russianBusiness: readonly (readonly [string, string])[] = [
  ['Завод', 'Zavod'],
  ['Техника', 'Tekhnika'],
  ['Инжиниринг', 'Inzhiniring'],
  ['Судостроение', 'Sudostroenie'],
  ['Логистика', 'Logistika'],
  ['Прибор', 'Pribor'],
];

const russianOrganization: Maker = (chance) => {
  const stem = chance.one(russianStems);
  const second = chance.one(words('волна град мост пром строй лес газ свет яр бор'));
  const name = `${stem}о${second}`;
  const [business] = chance.one(russianBusiness);
  const form = chance.one([
    ['ООО', 'OOO'],
    ['АО', 'AO'],
    ['ПАО', 'PAO'],
    ['ЗАО', 'ZAO'],
  ] as const);
  const named = `${name} ${business}`;
  const others = allHabits.filter((habit) => habit !== 'american').map((habit) => inLatin(named, habit));
  return organization(`${form[1]} ${inLatin(named, 'american')}`, [`${form[0]} «${named}»`, ...others], name, 'RU');
};

const chineseBusiness: readonly (readonly [string, string])[] = [
  ['科技', 'Technology'],
  ['贸易', 'Trading'],
  ['电子', 'Electronics'],
  ['国际物流', 'International Logistics'],
];
const chinesePlaces: readonly (readonly [string, string])[] = [
  ['北京', 'Beijing'],
  ['上海', 'Shanghai'],
  ['深圳', 'Shenzhen'],
  ['广州', 'Guangzhou'],
  ['青岛', 'Qingdao'],
];

const chineseOrganization: Maker = (chance) => {
  const place = chance.one(chinesePlaces);
  const [first, second] = chance.shuffled(chineseSyllables);
  const business = chance.one(chineseBusiness);
  if (!first || !second) throw new Error('There are too few syllables.');
  const name = first[1] + second[1].toLowerCase();
  const script = `${place[0]}${first[0]}${second[0]}${business[0]}有限公司`;
  const apart = `${place[1]} ${first[1]} ${second[1]} ${business[1]} Limited`;
  return organization(`${place[1]} ${name} ${business[1]} Co., Ltd.`, [script, apart], `${place[1]} ${name}`, 'CN');
};

const arabicOrganization: Maker = (chance) => {
  const family = arabicFamily(chance);
  const given = chance.one(arabicWords);
  const [script, meant] = chance.one([
    ['للتجارة', 'Trading'],
    ['للشحن', 'Shipping'],
  ] as const);
  const printed = `${given[1]} ${family[1]} ${meant} Company`;
  const spelt = `${chance.one(given.slice(1))} ${chance.one(family.slice(1))} ${meant} Est.`;
  return organization(
    printed,
    [`شركة ${given[0]} ${family[0]} ${script}`, spelt],
    `${given[1]} ${family[1]}`,
    chance.one(['SY', 'IQ', 'AE']),
  );
};

const organizations: readonly Maker[] = [
  westernOrganization,
  westernOrganization,
  russianOrganization,
  chineseOrganization,
  arabicOrganization,
];

function person(printed: string, otherwise: readonly string[], root: string, country: string): MadeUpName {
  return { kind: 'PERSON', printed, otherwise, root, country };
}

function organization(printed: string, otherwise: readonly string[], root: string, country: string): MadeUpName {
  return { kind: 'ORGANIZATION', printed, otherwise, root, country };
}

function words(text: string): readonly string[] {
  return text.split(' ');
}
