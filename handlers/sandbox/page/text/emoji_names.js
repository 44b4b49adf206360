// Emoji that are common in support messages, by their Slack names.

const FACES = `
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 joy 😂 rofl 🤣 slightly_smiling_face 🙂
wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘 yum 😋 thinking_face 🤔
face_with_raised_eyebrow 🤨 neutral_face 😐 expressionless 😑 smirk 😏 face_with_rolling_eyes 🙄 grimacing 😬
relieved 😌 pensive 😔 sleeping 😴 sunglasses 😎 confused 😕 worried 😟 slightly_frowning_face 🙁
open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 disappointed 😞 sweat 😓 cry 😢 sob 😭 scream 😱
triumph 😤 rage 😡 angry 😠 face_with_symbols_on_mouth 🤬 exploding_head 🤯 partying_face 🥳 hugging_face 🤗
shrug 🤷 facepalm 🤦 saluting_face 🫡`;

const HANDS = `
wave 👋 raised_hand ✋ hand ✋ ok_hand 👌 v ✌️ crossed_fingers 🤞 point_left 👈 point_right 👉 point_up ☝️
point_up_2 👆 point_down 👇 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 fist ✊ clap 👏 raised_hands 🙌 pray 🙏
handshake 🤝 muscle 💪 writing_hand ✍️ eyes 👀 ear 👂 brain 🧠 speaking_head_in_silhouette 🗣️
bust_in_silhouette 👤 busts_in_silhouette 👥`;

const SIGNS = `
rotating_light 🚨 warning ⚠️ no_entry ⛔ no_entry_sign 🚫 sos 🆘 exclamation ❗ heavy_exclamation_mark ❗
bangbang ‼️ question ❓ grey_question ❔ white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️
x ❌ negative_squared_cross_mark ❎ red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡
large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣 white_circle ⚪ black_circle ⚫
large_red_square 🟥 large_orange_square 🟧 large_yellow_square 🟨 large_green_square 🟩 large_blue_square 🟦
white_large_square ⬜ small_red_triangle 🔺 small_red_triangle_down 🔻 small_orange_diamond 🔸
small_blue_diamond 🔹 arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrow_upper_right ↗️
arrow_lower_right ↘️ leftwards_arrow_with_hook ↩️ arrow_right_hook ↪️ arrows_counterclockwise 🔄
twisted_rightwards_arrows 🔀 repeat 🔁 fast_forward ⏩ double_vertical_bar ⏸️ pause_button ⏸️ arrow_forward ▶️
black_square_for_stop ⏹️ new 🆕 free 🆓 up 🆙 ok 🆗 information_source ℹ️ 100 💯 heavy_plus_sign ➕
heavy_minus_sign ➖ hash #️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ zzz 💤 recycle ♻️ infinity ♾️`;

const THINGS = `
fire 🔥 boom 💥 zap ⚡ star ⭐ sparkles ✨ tada 🎉 confetti_ball 🎊 gift 🎁 trophy 🏆 medal 🏅 dart 🎯
heart ❤️ broken_heart 💔 green_heart 💚 blue_heart 💙 yellow_heart 💛 purple_heart 💜 bell 🔔 no_bell 🔕
mega 📣 loudspeaker 📢 speech_balloon 💬 left_speech_bubble 🗨️ thought_balloon 💭 telephone_receiver 📞
phone ☎️ telephone ☎️ iphone 📱 email 📧 e-mail 📧 envelope ✉️ incoming_envelope 📨 inbox_tray 📥
outbox_tray 📤 mailbox 📫 package 📦 ticket 🎫 admission_tickets 🎟️ label 🏷️ bookmark 🔖 pushpin 📌
round_pushpin 📍 paperclip 📎 link 🔗 clipboard 📋 memo 📝 pencil 📝 pencil2 ✏️ page_facing_up 📄
bookmark_tabs 📑 books 📚 book 📖 open_file_folder 📂 file_folder 📁 card_index_dividers 🗂️ calendar 📆
date 📅 spiral_calendar_pad 🗓️ bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉
mag 🔍 mag_right 🔎 bulb 💡 wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ key 🔑 lock 🔒 unlock 🔓
closed_lock_with_key 🔐 shield 🛡️ computer 💻 desktop_computer 🖥️ robot_face 🤖 bug 🐛 ladybug 🐞
construction 🚧 hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ timer_clock ⏲️ watch ⌚
clock1 🕐 clock3 🕒 clock9 🕘 clock12 🕛 credit_card 💳 moneybag 💰 euro 💶 dollar 💵 receipt 🧾
shopping_trolley 🛒 department_store 🏬 convenience_store 🏪 office 🏢 factory 🏭 bank 🏦 house 🏠 truck 🚚
airplane ✈️ rocket 🚀 car 🚗 world_map 🗺️ earth_africa 🌍 globe_with_meridians 🌐 coffee ☕ cake 🍰
beers 🍻 sunny ☀️ sunrise 🌅 crescent_moon 🌙 cloud ☁️ umbrella ☔ snowflake ❄️ ocean 🌊 seedling 🌱
four_leaf_clover 🍀 crown 👑 medal_military 🎖️ checkered_flag 🏁 triangular_flag_on_post 🚩
waving_white_flag 🏳️ runner 🏃 ghost 👻 skull 💀 ship 🚢 anchor ⚓
scales ⚖️ thermometer 🌡️ fire_extinguisher 🧯 ambulance 🚑 police_car 🚓 newspaper 📰 mute 🔇
sound 🔉 loud_sound 🔊 microphone 🎤 headphones 🎧 movie_camera 🎥 camera 📷 wastebasket 🗑️`;

function pairs(list) {
  const words = list.trim().split(/\s+/);
  return words.flatMap((name, at) => (at % 2 ? [] : [[name, words[at + 1]]]));
}

export const EMOJI = new Map([FACES, HANDS, SIGNS, THINGS].flatMap(pairs));
